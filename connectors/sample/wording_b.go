package sample

func bankB(local int) *bank { return bankA(local) }
