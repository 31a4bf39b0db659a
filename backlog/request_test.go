package backlog_test

import (
	"testing"

	"defacto/backlog"
)

func TestIsRequest(t *testing.T) {
	for _, name := range []string{
		"Service Request", "[System] Service request", "Service Request with Approvals", "Support request", "Support ticket",
		"Serviceanfrage", "Service-Anfrage mit Genehmigungen", "Demande de service", "Demande de service avec approbations", "Demande d’assistance",
		"Solicitud de servicio", "Solicitud de servicio con aprobaciones", "Solicitação de serviço", "Pedido de serviço", "Richiesta di servizio",
		"サービス リクエスト", "サービス要求", "Запрос на обслуживание", "서비스 요청", "服务请求",
	} {
		if !backlog.IsRequest(name) {
			t.Errorf("%q is no request", name)
		}
	}
	for _, name := range []string{"", "Story", "Service", "Request", "Incident", "[System] Problem", "Änderung", "Vorfall", "Feature Request", "課題"} {
		if backlog.IsRequest(name) {
			t.Errorf("%q is a request", name)
		}
	}
}
