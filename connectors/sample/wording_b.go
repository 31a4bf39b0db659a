package sample

// bankB is the wording kept for scoring: no phrase of bank A, more ways to ask
// without a question mark, and Italian, Dutch, Polish, Turkish, Korean, Russian,
// German or French beside the English.
func bankB(local int) *bank {
	tongues := []func() *tongue{italianB, dutchB, polishB, turkishB, koreanB, russianB, germanB, frenchB}
	return &bank{
		english: englishB(), local: tongues[local%len(tongues)](),
		aims: []string{
			"Why now: churn among small accounts. Done when the cohort of May stays a month longer.",
			"Bet for the half-year. Kill it if the pilot does not move the needle.",
			"Asked for in four of the last six renewals.",
		},
		tracker: vocabulary{
			states: [...]string{"Inbox", "Ready", "Doing", "On Hold", "Peer Review", "Verification", "UAT", "Closed", "Rejected"},
			kinds:  [...]string{"User Story", "Task", "Bug", "Sub-task", "Epic", "Theme"},
		},
		bystander: []string{
			"Two days to code freeze, people.", "Added to the slides for Thursday.", "Ops knows.",
		},
		symptoms: []string{
			"Observed on build 4411, not on 4398.",
			"Two tenants affected. Workaround: clear the cache.",
			"Intermittent; happens under load only.",
		},
		frame: []string{
			"{r}: {t}. Outcome: {b}.",
			"Being a {r}, I'd like to {t}, because then {b}.",
			"User need ({r}): {t}.",
		},
		criteria: []string{
			"\n\nDone when:\n* old records behave the same\n* support can see what happened",
			"\n\nGiven somebody with open items\nWhen they come back\nThen nothing has to be typed twice",
			"",
			"",
		},
		benefits: []string{"it takes two clicks", "nobody has to chase me", "the month-end is quieter", "partners stop calling", "we see problems earlier"},
	}
}

func englishB() *tongue {
	return &tongue{
		product: []exchange{
			{"I am unsure whether {f} covers migrated tenants, please decide.", "It covers them. Migrated or not makes no difference."},
			{"Two readings of {f} are possible here; need to know which one you meant.", "The narrow one. The other comes in a follow-up."},
			{"Would be good to hear from you how {f} ought to look on a narrow display.", "Stack it, nothing fancy."},
			{"What's the expected order of {f}? Newest on top?", "Newest on top, yes."},
			{"Are we OK with dropping {f} from the trial plan?", "Fine by me, trial users never touch it."},
			{"Any preference on naming for {f}?", "Call it the way the brochure does."},
			{"Kindly confirm the cut-off date for {f}.", "End of the fiscal year, so 31 March."},
			{"Is a soft limit for {f} acceptable, or must it be hard?", "Soft limit with a banner."},
			{"How far back do we go with {f}?", "Thirteen months."},
			{"Blocked until someone tells me who owns the copy for {f}.", "The copy is mine; draft is in the design file."},
		},
		technical: []exchange{
			{"any idea why the linter chokes on this?", "Old config, pull main."},
			{"can the consumer run twice on the same offset?", "It can, that is why the key is there."},
			{"mind reviewing the second hunk", "Reviewed, two nits."},
		},
		hold:     []string{"Noted. Taking this to the steering round.", "Hmm, will circle back.", "Parking this until I have spoken to finance."},
		approve:  []string{"Ship it.", "Works as described, thumbs up from me.", "Happy with this one.", "Good to go.", "That's the behaviour I had in mind, well done."},
		remark:   []string{"Clicked through all three paths on the preview build.", "Took screenshots for the newsletter."},
		reject:   []string{"Nope, still fails for the second tenant.", "Bounced: totals are off by one.", "Doesn't match the brief, returning it."},
		relay:    []string{"passing this one to you: {f}, your call.", "they're stuck on {f}; which way do we go?", "need your ruling on {f}."},
		settled:  []string{"Sorted at the whiteboard with", "Talked it through over lunch, all clear, cheers", "Resolved on the phone just now with"},
		chatter:  []string{"Bumped the dependency.", "CI is flaky again, re-ran it.", "Extracted the parser.", "Naming nit only, otherwise fine."},
		roadmap:  []string{"Pushing to the autumn train.", "Sequencing changed after the partner summit.", "Half the size now; the rest is a separate bet.", "Finance signed off on the business case."},
		feedback: []string{"Heard at the user group: would pay extra for it.", "NPS comment, third of the kind.", "Prospect made it a condition."},
	}
}

func germanB() *tongue {
	return &tongue{
		product: []exchange{
			{"Mir ist unklar, ob das für migrierte Mandanten zählt, bitte um Entscheidung.", "Zählt genauso, kein Unterschied."},
			{"Wie weit gehen wir zurück?", "Dreizehn Monate."},
			{"Bitte kurz Bescheid geben, welche Reihenfolge gewünscht ist.", "Neueste zuerst."},
			{"Wäre ein weiches Limit vertretbar?", "Weich, mit Hinweisbanner."},
			{"Gibt es einen Wunsch zur Benennung?", "So wie in der Broschüre."},
		},
		technical: []exchange{{"weißt du, warum der Linter hier streikt?", "Alte Konfiguration, einmal main ziehen."}, {"schaust du über den zweiten Teil", "Erledigt, zwei Kleinigkeiten."}},
		hold:      []string{"Nehme ich mit in die Runde.", "Melde mich dazu."},
		approve:   []string{"Kann raus.", "Funktioniert wie beschrieben, Daumen hoch.", "Damit bin ich zufrieden."},
		remark:    []string{"Habe alle drei Wege auf der Vorschau durchgeklickt."},
		reject:    []string{"Geht beim zweiten Mandanten immer noch schief.", "Summen sind um eins daneben, zurück an euch."},
		relay:     []string{"gebe ich an dich weiter, deine Entscheidung.", "die hängen daran, in welche Richtung gehen wir?"},
		settled:   []string{"Am Whiteboard erledigt mit", "Beim Mittagessen durchgesprochen, alles klar"},
		chatter:   []string{"Abhängigkeit angehoben.", "CI spinnt, neu gestartet."},
		roadmap:   []string{"Rutscht in den Herbst.", "Reihenfolge nach dem Partnertreffen geändert."},
		feedback:  []string{"Auf dem Anwendertreffen gehört: würden extra dafür zahlen."},
	}
}

func frenchB() *tongue {
	return &tongue{
		product: []exchange{
			{"Je ne sais pas si cela couvre les clients migrés, merci de trancher.", "Cela les couvre, aucune différence."},
			{"Jusqu'où remonte-t-on ?", "Treize mois."},
			{"Il me faudrait savoir dans quel ordre les présenter.", "Les plus récents d'abord."},
			{"Une limite souple serait-elle acceptable ?", "Souple, avec un bandeau."},
			{"Une préférence pour le nom ?", "Comme dans la brochure."},
		},
		technical: []exchange{{"une idée pourquoi le linter bloque ici ?", "Vieille configuration, récupère main."}},
		hold:      []string{"Noté, j'en parle au comité.", "Je reviens vers vous."},
		approve:   []string{"On livre.", "Conforme à la description, bravo.", "Cela me convient."},
		remark:    []string{"J'ai cliqué les trois parcours sur la préversion."},
		reject:    []string{"Échoue encore chez le second client.", "Totaux décalés d'un, je renvoie."},
		relay:     []string{"je te passe le sujet, à toi de voir.", "ils sont bloqués, quelle direction ?"},
		settled:   []string{"Vu au tableau blanc avec", "Discuté à midi, tout est clair"},
		chatter:   []string{"Dépendance mise à jour.", "La CI est instable, relancée."},
		roadmap:   []string{"Reporté à l'automne.", "Ordre revu après le sommet partenaires."},
		feedback:  []string{"Entendu au club utilisateurs : prêts à payer un supplément."},
	}
}

func italianB() *tongue {
	return &tongue{
		product: []exchange{
			{"Non mi è chiaro se vale per i clienti migrati, serve una decisione.", "Vale, nessuna differenza."},
			{"Fino a quando torniamo indietro?", "Tredici mesi."},
			{"Fatemi sapere l'ordine desiderato.", "Prima i più recenti."},
			{"Va bene un limite morbido?", "Morbido, con un avviso."},
			{"Preferenze per il nome?", "Come nella brochure."},
			{"Qual è la data di chiusura?", "Il 31 marzo."},
		},
		technical: []exchange{{"sai perché il linter si blocca?", "Configurazione vecchia, aggiorna main."}},
		hold:      []string{"Ne parlo al comitato.", "Vi faccio sapere."},
		approve:   []string{"Si può rilasciare.", "Funziona come descritto, ottimo.", "Per me va benissimo."},
		remark:    []string{"Ho provato i tre percorsi sull'anteprima."},
		reject:    []string{"Fallisce ancora con il secondo cliente.", "I totali non tornano, lo rimando."},
		relay:     []string{"passo a te, decidi tu.", "sono fermi, che direzione prendiamo?"},
		settled:   []string{"Chiarito alla lavagna con", "Ne abbiamo parlato a pranzo, tutto a posto"},
		chatter:   []string{"Dipendenza aggiornata.", "CI instabile, rilanciata."},
		roadmap:   []string{"Slitta all'autunno.", "Cambiata la sequenza dopo l'incontro con i partner."},
		feedback:  []string{"Sentito al gruppo utenti: pagherebbero un extra."},
	}
}

func dutchB() *tongue {
	return &tongue{
		product: []exchange{
			{"Niet duidelijk of dit voor gemigreerde klanten geldt, graag een besluit.", "Geldt ook voor hen."},
			{"Hoe ver gaan we terug?", "Dertien maanden."},
			{"Laat even weten welke volgorde gewenst is.", "Nieuwste bovenaan."},
			{"Mag de limiet zacht zijn?", "Zacht, met een melding."},
			{"Voorkeur voor een naam?", "Zoals in de brochure."},
		},
		technical: []exchange{{"enig idee waarom de linter vastloopt?", "Oude configuratie, haal main op."}},
		hold:      []string{"Neem ik mee naar het overleg.", "Kom ik op terug."},
		approve:   []string{"Mag live.", "Werkt zoals beschreven, top.", "Hier ben ik blij mee."},
		remark:    []string{"Alle drie de routes doorlopen op de preview."},
		reject:    []string{"Gaat nog mis bij de tweede klant.", "Totalen kloppen niet, terug naar jullie."},
		relay:     []string{"geef ik aan jou door, jouw keuze.", "ze zitten vast, welke kant op?"},
		settled:   []string{"Aan het whiteboard geregeld met", "Tijdens de lunch besproken, helder"},
		chatter:   []string{"Afhankelijkheid bijgewerkt.", "CI hapert, opnieuw gestart."},
		roadmap:   []string{"Schuift naar het najaar.", "Volgorde gewijzigd na de partnerdag."},
		feedback:  []string{"Gehoord bij de gebruikersgroep: willen er extra voor betalen."},
	}
}

func polishB() *tongue {
	return &tongue{
		product: []exchange{
			{"Nie wiem, czy to obejmuje przeniesionych klientów, proszę o decyzję.", "Obejmuje, bez różnicy."},
			{"Jak daleko się cofamy?", "Trzynaście miesięcy."},
			{"Proszę o informację, jaka ma być kolejność.", "Najnowsze na górze."},
			{"Czy limit może być miękki?", "Miękki, z komunikatem."},
			{"Jakieś życzenia co do nazwy?", "Tak jak w broszurze."},
		},
		technical: []exchange{{"wiesz, czemu linter się zatrzymuje?", "Stara konfiguracja, ściągnij main."}},
		hold:      []string{"Zabieram to na spotkanie.", "Wrócę z odpowiedzią."},
		approve:   []string{"Można wypuszczać.", "Działa zgodnie z opisem, brawo.", "Jestem zadowolona."},
		remark:    []string{"Przeklikałam trzy ścieżki na podglądzie."},
		reject:    []string{"Nadal nie działa u drugiego klienta.", "Sumy się nie zgadzają, odsyłam."},
		relay:     []string{"przekazuję tobie, twoja decyzja.", "utknęli, w którą stronę idziemy?"},
		settled:   []string{"Ustalone przy tablicy, pozdrawiam", "Omówione przy obiedzie, wszystko jasne"},
		chatter:   []string{"Podbiłem zależność.", "CI niestabilne, puściłem ponownie."},
		roadmap:   []string{"Przesuwamy na jesień.", "Kolejność zmieniona po szczycie partnerów."},
		feedback:  []string{"Na spotkaniu użytkowników: zapłacą więcej."},
	}
}

func turkishB() *tongue {
	return &tongue{
		product: []exchange{
			{"Taşınan müşteriler dahil mi emin değilim, kararınızı bekliyorum.", "Dahil, fark yok."},
			{"Ne kadar geriye gidiyoruz?", "On üç ay."},
			{"Hangi sıralamayı istediğinizi yazar mısınız.", "En yeniler üstte."},
			{"Yumuşak bir sınır olur mu?", "Olur, uyarı ile."},
			{"İsim için tercih var mı?", "Broşürdeki gibi."},
		},
		technical: []exchange{{"linter neden takılıyor biliyor musun?", "Eski ayar, main'i çek."}},
		hold:      []string{"Toplantıya götürüyorum.", "Döneceğim."},
		approve:   []string{"Yayına çıkabilir.", "Anlatıldığı gibi çalışıyor, elinize sağlık.", "Benim için tamamdır."},
		remark:    []string{"Önizlemede üç yolu da denedim."},
		reject:    []string{"İkinci müşteride hâlâ bozuk.", "Toplamlar tutmuyor, geri gönderiyorum."},
		relay:     []string{"sana aktarıyorum, karar senin.", "takıldılar, hangi yöne gidiyoruz?"},
		settled:   []string{"Tahtada çözdük, teşekkürler", "Öğle yemeğinde konuştuk, net"},
		chatter:   []string{"Bağımlılığı yükselttim.", "CI yine kararsız, tekrar çalıştırdım."},
		roadmap:   []string{"Sonbahara kaydı.", "Ortak zirvesinden sonra sıra değişti."},
		feedback:  []string{"Kullanıcı grubunda duyduk: ek ücret ödemeye hazırlar."},
	}
}

func koreanB() *tongue {
	return &tongue{
		product: []exchange{
			{"이전된 고객도 포함되는지 결정 부탁드립니다.", "포함됩니다. 차이 없습니다."},
			{"얼마나 이전 것까지 보여 주나요?", "열세 달입니다."},
			{"정렬 순서를 알려 주세요.", "최신이 위로 오게 해 주세요."},
			{"제한은 부드럽게 해도 될까요?", "네, 안내 배너와 함께요."},
			{"이름은 어떻게 할까요?", "브로슈어와 같게 해 주세요."},
		},
		technical: []exchange{{"린터가 왜 멈추는지 아시나요?", "설정이 오래됐어요. main을 받으세요."}},
		hold:      []string{"회의에 올려 보겠습니다.", "다시 말씀드릴게요."},
		approve:   []string{"배포해도 됩니다.", "설명대로 동작합니다. 수고하셨습니다.", "만족합니다."},
		remark:    []string{"미리보기에서 세 경로를 모두 눌러 봤습니다."},
		reject:    []string{"두 번째 고객에서 아직 실패합니다.", "합계가 맞지 않아 돌려보냅니다."},
		relay:     []string{"이건 넘겨드립니다. 결정해 주세요.", "팀이 막혀 있어요. 어느 쪽으로 갈까요?"},
		settled:   []string{"화이트보드에서 정리했습니다. 감사합니다", "점심에 이야기해서 정했습니다. 감사합니다"},
		chatter:   []string{"의존성을 올렸습니다.", "CI가 불안정해서 다시 돌렸습니다."},
		roadmap:   []string{"가을로 미룹니다.", "파트너 행사 이후 순서가 바뀌었습니다."},
		feedback:  []string{"사용자 모임에서 추가 비용을 내겠다고 합니다."},
	}
}

func russianB() *tongue {
	return &tongue{
		product: []exchange{
			{"Не уверена, касается ли это перенесённых клиентов, нужно решение.", "Касается, разницы нет."},
			{"Насколько далеко назад показываем?", "Тринадцать месяцев."},
			{"Подскажите, какой порядок нужен.", "Новые сверху."},
			{"Подойдёт ли мягкое ограничение?", "Мягкое, с плашкой."},
			{"Есть пожелания по названию?", "Как в брошюре."},
		},
		technical: []exchange{{"не знаешь, почему линтер падает?", "Старая настройка, подтяни main."}},
		hold:      []string{"Вынесу на совещание.", "Вернусь с этим."},
		approve:   []string{"Можно выпускать.", "Работает как описано, отлично.", "Меня устраивает."},
		remark:    []string{"Прошла все три пути на предпросмотре."},
		reject:    []string{"У второго клиента всё ещё ломается.", "Итоги не сходятся, возвращаю."},
		relay:     []string{"передаю тебе, решай.", "они застряли, куда идём?"},
		settled:   []string{"Решили у доски, спасибо", "Обсудили за обедом, всё понятно"},
		chatter:   []string{"Обновил зависимость.", "CI шалит, перезапустил."},
		roadmap:   []string{"Переносим на осень.", "Порядок изменён после встречи партнёров."},
		feedback:  []string{"На встрече пользователей: готовы доплатить."},
	}
}
