package backlog

import "strings"

// IsRequest reports whether an issue type's name is that of a service desk's
// requests, in one of the languages Jira Service Management comes in: "[System]
// Service request", "Serviceanfrage mit Genehmigungen". It is false for "", and
// for the desk's incidents, problems and changes, which no customer asks for.
func IsRequest(typeName string) bool {
	// Sites differ in blanks and hyphens: サービス リクエスト, Service-Anfrage.
	name := strings.NewReplacer(" ", "", "\u00a0", "", "\u3000", "", "-", "").Replace(strings.ToLower(typeName))
	for _, words := range []string{
		"servicerequest", "supportrequest", "supportticket",
		"serviceanfrage", "serviceanforderung", "supportanfrage", "kundenanfrage",
		"demandedeservice", "demandedesupport", "demanded'assistance", "demanded’assistance",
		"solicituddeservicio", "peticióndeservicio", "solicituddesoporte", "solicituddeasistencia",
		"solicitaçãodeserviço", "pedidodeserviço", "requisiçãodeserviço", "solicitaçãodesuporte", "pedidodesuporte",
		"richiestadiservizio", "richiestadisupporto", "richiestadiassistenza",
		"サービスリクエスト", "サービス要求", "サービス依頼", "サポートリクエスト", "サポート依頼",
		"serviceverzoek", "serviceaanvraag", "servicebegäran", "tjänstebegäran", "serviceanmodning", "tjenesteforespørsel", "palvelupyyntö",
		"wniosekousługę", "zgłoszenieserwisowe", "požadaveknaslužbu", "hizmettalebi", "szolgáltatáskérés",
		"запроснаобслуживание", "запроснауслугу", "запитнаобслуговування", "서비스요청", "지원요청", "服务请求", "服務請求", "支持请求",
	} {
		if strings.Contains(name, words) {
			return true
		}
	}
	return false
}
