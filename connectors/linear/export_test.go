package linear

// InBatchesOf makes the source hand over fewer issues at once.
func (s *Source) InBatchesOf(n int) *Source {
	s.batch = n
	return s
}
