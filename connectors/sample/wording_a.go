package sample

// bankA is the wording of the demo: English with Spanish, German, French,
// Portuguese, Chinese or Japanese beside it.
func bankA(local int) *bank {
	tongues := []func() *tongue{spanishA, germanA, frenchA, portugueseA, chineseA, japaneseA}
	return &bank{
		english: englishA(), local: tongues[local%len(tongues)](),
		aims: []string{
			"Goal: fewer abandoned attempts. We will know by the completion rate and by what support hears.",
			"Three of our ten largest customers asked for this. Success: they use it weekly within a quarter.",
			"We lose deals over this. First version for one market, then decide.",
			"Problem: people work around it by e-mail. Measure: requests to support per thousand users.",
			"Needed before the next contract round. Scope to be kept small.",
		},
		tracker: vocabulary{
			states: [...]string{"Backlog", "Selected for Development", "In Progress", "Waiting for Product", "In Review", "In Test", "Acceptance", "Done", "Won't Do"},
			kinds:  [...]string{"Story", "Task", "Bug", "Sub-task", "Epic", "Initiative"},
		},
		bystander: []string{
			"Reminder: the sprint ends on Friday.", "Is on the agenda for the review.", "Support has prepared the help page for this.",
			"I have moved the demo to eleven o'clock.",
		},
		symptoms: []string{
			"Steps: open the page, reload, try again. Expected: no error. Seen in production twice today.",
			"Happens only on the second attempt. Log attached to the monitoring channel.",
			"Reported by a customer this morning, reproduced on staging.",
			"Regression since the last release.",
		},
		frame: []string{
			"As a {r}, I want to {t} so that {b}.",
			"As a {r} I want to {t}, so that {b}.",
		},
		criteria: []string{
			"\n\nAcceptance criteria:\n- works with existing data\n- the change is visible at once\n- errors are explained in plain words",
			"\n\nAcceptance criteria:\n- given an existing account, when it is used, then the result is shown within two seconds\n- translated into all shop languages",
			"\n\nAcceptance criteria:\n- only people with the right role see it\n- it is recorded in the audit log",
			"",
		},
		benefits: []string{"I save time", "I do not have to call support", "nothing gets lost", "I can trust the result", "I make fewer mistakes", "my team sees the same as I do", "I can decide faster"},
	}
}

func englishA() *tongue {
	return &tongue{
		product: []exchange{
			{"Should {f} also apply to accounts that existed before?", "Yes, existing accounts too, nothing special for them."},
			{"What should happen with {f} when the session has expired?", "Please keep it simple: show the message and go back to the start."},
			{"Do we need {f} for archived data as well?", "Not in the first version, we decide after we have seen the numbers."},
			{"Which wording do we want for {f} in the error case?", "Use the wording from the help page, legal has approved that one."},
			{"Is it fine to leave out {f} for guests in the first version?", "Yes, guests can wait. I have taken it out of the criteria."},
			{"Can we leave the limits for {f} as they are?", "We leave them as they are and come back to it next quarter."},
			{"How many entries should we show for {f} by default?", "Twenty entries, then a link to the rest."},
			{"Who is allowed to switch {f} on and off?", "Only admins for now. I have added it to the criteria."},
			{"The mock-up shows two buttons, the text only one. Which one is right?", "The text is right, the mock-up is out of date."},
			{"Must {f} be ready for the release, or is a flag enough?", "A flag is enough, we switch it on with the next release."},
		},
		hold:    []string{"Good point, I will check with legal and come back to you.", "Let me look into it, more tomorrow.", "I have to ask around first.", "On it, give me a moment."},
		approve: []string{"Looks good to me, accepted.", "Tested on staging, this is what I wanted. Can be closed.", "Accepted, thank you!", "LGTM, ready to ship.", "Checked all the criteria, approved."},
		remark:  []string{"Went through it on staging with two accounts this morning.", "Saw it in the demo, nice work by everybody.", "I will show this to the customer on Thursday."},
		reject:  []string{"Not there yet: the message disappears before one can read it.", "The second criterion is not met, please have another look.", "This breaks with an empty list, sending it back."},
		relay:   []string{"the team asks about {f}, can you decide?", "could you say how we want {f} to behave?", "they need a decision on {f}, what do you think?"},
		settled: []string{"Settled in a call with", "Discussed in person, going ahead as agreed with", "We cleared this up in chat, thanks"},
		technical: []exchange{
			{"could you have a look at the migration, does it lock the table?", "It does not, the index is built in the background."},
			{"why do we need the second index here?", "For the nightly export, see the comment in the query."},
			{"is the retry in the client or in the queue?", "In the queue, the client gives up after the first attempt."},
			{"did you see the failing contract test?", "Yes, fixed in the last commit."},
		},
		chatter:  []string{"Rebased and pushed, the tests are green now.", "I moved the mapping into its own file.", "The query takes 40 ms now.", "Left two comments on the merge request.", "Good catch, fixed in the last commit."},
		roadmap:  []string{"Moving this behind the market launch, sales agrees.", "We cut the scope to what the pilot customers need.", "The board wants this before summer, so it comes first.", "Results of the interviews are in the wiki, they confirm the direction.", "This stays on the plan, but one month later."},
		feedback: []string{"Customer call today: they would use this every week and miss a summary.", "Second request from a large account this month.", "Feedback from the trade fair: people ask for exactly this.", "The pilot customer says it saves them an hour a day."},
	}
}

func germanA() *tongue {
	return &tongue{
		product: []exchange{
			{"Soll das auch für bestehende Konten gelten?", "Ja, auch für bestehende Konten."},
			{"Was passiert, wenn die Sitzung abgelaufen ist?", "Bitte einfach halten: Meldung zeigen und zurück zur Startseite."},
			{"Brauchen wir das auch für archivierte Daten?", "In der ersten Version nicht, wir entscheiden nach den Zahlen."},
			{"Welchen Text zeigen wir im Fehlerfall?", "Den von der Hilfeseite, der ist mit der Rechtsabteilung abgestimmt."},
			{"Reicht für die erste Version eine einfache Liste?", "Ja, die Liste reicht. Sortieren kommt später."},
			{"Wer darf das ein- und ausschalten?", "Nur Administratoren, ich habe es in den Kriterien ergänzt."},
		},
		hold:    []string{"Guter Punkt, ich kläre das mit der Rechtsabteilung.", "Schaue ich mir an, morgen mehr."},
		approve: []string{"Passt, abgenommen.", "Auf Staging geprüft, genau so. Kann zu.", "Abgenommen, danke!"},
		remark:  []string{"Heute früh mit zwei Konten durchgespielt.", "Zeige ich am Donnerstag dem Kunden."},
		reject:  []string{"Noch nicht: die Meldung verschwindet zu schnell.", "Das zweite Kriterium ist nicht erfüllt, bitte noch einmal ansehen."},
		relay:   []string{"das Team fragt danach, kannst du entscheiden?", "wie soll sich das verhalten?"},
		settled: []string{"Telefonisch geklärt mit", "Persönlich besprochen, machen wir so, danke"},
		technical: []exchange{
			{"sperrt die Migration die Tabelle?", "Nein, der Index wird im Hintergrund gebaut."},
			{"liegt der Retry im Client oder in der Queue?", "In der Queue, der Client gibt nach dem ersten Versuch auf."},
		},
		chatter:  []string{"Rebased, Tests sind grün.", "Die Abfrage braucht jetzt 40 ms.", "Ist im letzten Commit behoben."},
		roadmap:  []string{"Verschieben wir hinter den Marktstart, der Vertrieb ist einverstanden.", "Umfang auf die Pilotkunden gekürzt.", "Kommt vor dem Sommer, so will es die Geschäftsführung."},
		feedback: []string{"Kundengespräch heute: sie würden das jede Woche nutzen.", "Zweite Anfrage eines Großkunden in diesem Monat."},
	}
}

func spanishA() *tongue {
	return &tongue{
		product: []exchange{
			{"¿Esto vale también para las cuentas que ya existen?", "Sí, también para las cuentas existentes."},
			{"¿Qué pasa si la sesión ha caducado?", "Mejor sencillo: mostramos el mensaje y volvemos al inicio."},
			{"¿Lo necesitamos también para los datos archivados?", "En la primera versión no, decidimos con los datos."},
			{"¿Qué texto mostramos cuando hay un error?", "El de la página de ayuda, legal ya lo ha revisado."},
			{"¿Cuántos resultados enseñamos por defecto?", "Veinte, y luego un enlace al resto."},
			{"¿Quién puede activarlo?", "Solo administradores, ya está en los criterios."},
		},
		hold:    []string{"Buena pregunta, lo consulto con legal y te digo.", "Lo miro y mañana te cuento."},
		approve: []string{"Perfecto, aceptado.", "Probado en staging, es lo que quería. Se puede cerrar.", "Aceptado, ¡gracias!"},
		remark:  []string{"Lo he recorrido esta mañana con dos cuentas.", "Se lo enseño al cliente el jueves."},
		reject:  []string{"Todavía no: el mensaje desaparece demasiado rápido.", "No cumple el segundo criterio, por favor revisadlo."},
		relay:   []string{"el equipo pregunta por esto, ¿puedes decidir?", "¿cómo queremos que se comporte?"},
		settled: []string{"Aclarado por teléfono con", "Hablado en persona, seguimos así, gracias"},
		technical: []exchange{
			{"¿la migración bloquea la tabla?", "No, el índice se construye en segundo plano."},
			{"¿el reintento está en el cliente o en la cola?", "En la cola, el cliente desiste al primer intento."},
		},
		chatter:  []string{"Ya está en la rama, los tests pasan.", "La consulta tarda ahora 40 ms.", "Corregido en el último commit."},
		roadmap:  []string{"Lo movemos detrás del lanzamiento, ventas está de acuerdo.", "Recortamos el alcance a los clientes piloto.", "Dirección lo quiere antes del verano."},
		feedback: []string{"Llamada con el cliente: lo usarían cada semana.", "Segunda petición de una cuenta grande este mes."},
	}
}

func frenchA() *tongue {
	return &tongue{
		product: []exchange{
			{"Est-ce que cela vaut aussi pour les comptes existants ?", "Oui, pour les comptes existants aussi."},
			{"Que se passe-t-il quand la session a expiré ?", "Restons simples : on affiche le message et on revient à l'accueil."},
			{"En avons-nous besoin pour les données archivées ?", "Pas dans la première version, on décidera avec les chiffres."},
			{"Quel texte affiche-t-on en cas d'erreur ?", "Celui de la page d'aide, le juridique l'a validé."},
			{"Combien de résultats par défaut ?", "Vingt, puis un lien vers la suite."},
			{"Qui a le droit de l'activer ?", "Seulement les administrateurs, je l'ai ajouté aux critères."},
		},
		hold:    []string{"Bonne question, je vérifie avec le juridique.", "Je regarde, la suite demain."},
		approve: []string{"C'est bon pour moi, accepté.", "Testé en préproduction, c'est ce que je voulais.", "Accepté, merci !"},
		remark:  []string{"Parcouru ce matin avec deux comptes.", "Je le montre au client jeudi."},
		reject:  []string{"Pas encore : le message disparaît trop vite.", "Le deuxième critère n'est pas rempli, merci de revoir."},
		relay:   []string{"l'équipe pose la question, peux-tu trancher ?", "comment veut-on que cela se comporte ?"},
		settled: []string{"Réglé par téléphone avec", "Vu de vive voix, on avance ainsi, merci"},
		technical: []exchange{
			{"la migration verrouille-t-elle la table ?", "Non, l'index est construit en arrière-plan."},
			{"le nouvel essai est dans le client ou dans la file ?", "Dans la file, le client abandonne au premier échec."},
		},
		chatter:  []string{"C'est poussé, les tests passent.", "La requête prend 40 ms maintenant.", "Corrigé dans le dernier commit."},
		roadmap:  []string{"On le décale après le lancement, les ventes sont d'accord.", "Périmètre réduit aux clients pilotes.", "La direction le veut avant l'été."},
		feedback: []string{"Appel client : ils s'en serviraient chaque semaine.", "Deuxième demande d'un grand compte ce mois-ci."},
	}
}

func portugueseA() *tongue {
	return &tongue{
		product: []exchange{
			{"Isto vale também para as contas existentes?", "Sim, também para as contas existentes."},
			{"O que acontece quando a sessão expira?", "Vamos manter simples: mostrar a mensagem e voltar ao início."},
			{"Precisamos disto para dados arquivados?", "Na primeira versão não, decidimos com os números."},
			{"Que texto mostramos em caso de erro?", "O da página de ajuda, o jurídico já aprovou."},
			{"Quantos resultados por padrão?", "Vinte, e depois um link para o resto."},
			{"Quem pode ativar isto?", "Só administradores, já está nos critérios."},
		},
		hold:    []string{"Boa pergunta, vou confirmar com o jurídico.", "Vou ver e amanhã digo."},
		approve: []string{"Está ótimo, aceite.", "Testado em staging, é isto mesmo. Pode fechar.", "Aceite, obrigado!"},
		remark:  []string{"Percorri tudo hoje de manhã com duas contas.", "Mostro ao cliente na quinta."},
		reject:  []string{"Ainda não: a mensagem desaparece depressa demais.", "O segundo critério não está cumprido, por favor revejam."},
		relay:   []string{"a equipa pergunta por isto, podes decidir?", "como queremos que se comporte?"},
		settled: []string{"Esclarecido por telefone com", "Falado pessoalmente, seguimos assim, obrigado"},
		technical: []exchange{
			{"a migração bloqueia a tabela?", "Não, o índice é construído em segundo plano."},
			{"a repetição está no cliente ou na fila?", "Na fila, o cliente desiste à primeira."},
		},
		chatter:  []string{"Já está no ramo, os testes passam.", "A consulta demora agora 40 ms.", "Corrigido no último commit."},
		roadmap:  []string{"Fica para depois do lançamento, as vendas concordam.", "Reduzimos o âmbito aos clientes piloto.", "A direção quer isto antes do verão."},
		feedback: []string{"Chamada com o cliente: usariam isto todas as semanas.", "Segundo pedido de uma conta grande este mês."},
	}
}

func chineseA() *tongue {
	return &tongue{
		product: []exchange{
			{"这个对已有账户也适用吗？", "是的，已有账户也适用。"},
			{"会话过期时应该怎么处理？", "先做简单的：显示提示，然后回到首页。"},
			{"归档数据也需要支持吗？", "第一版先不做，看数据再决定。"},
			{"出错时显示什么文案？", "用帮助页面上的文案，法务已经审过了。"},
			{"默认显示多少条？", "二十条，其余的放链接。"},
			{"谁可以打开这个功能？", "只有管理员可以，我已经写进验收标准。"},
		},
		hold:    []string{"好问题，我先跟法务确认一下。", "我看看，明天回复。"},
		approve: []string{"没问题，验收通过。", "在测试环境看过了，就是这样，可以关闭。", "通过，谢谢！"},
		remark:  []string{"今天早上用两个账户走了一遍。", "周四给客户演示。"},
		reject:  []string{"还不行：提示消失得太快。", "第二条标准没有满足，请再看一下。"},
		relay:   []string{"团队在问这个，你能定一下吗？", "这里我们希望怎么处理？"},
		settled: []string{"已在电话里确认，感谢", "当面讨论过了，按说好的做，谢谢"},
		technical: []exchange{
			{"迁移会锁表吗？", "不会，索引在后台建。"},
			{"重试放在客户端还是队列？", "放在队列，客户端失败一次就放弃。"},
		},
		chatter:  []string{"已经合并，测试都通过了。", "查询现在只要 40 毫秒。", "最后一次提交里修好了。"},
		roadmap:  []string{"放到上市之后，销售同意了。", "范围缩小到试点客户需要的部分。", "管理层希望夏天之前完成。"},
		feedback: []string{"今天和客户通话：他们每周都会用。", "这个月第二个大客户提出同样的需求。"},
	}
}

func japaneseA() *tongue {
	return &tongue{
		product: []exchange{
			{"既存のアカウントにも適用しますか？", "はい、既存のアカウントにも適用してください。"},
			{"セッションが切れたときはどうしますか？", "簡単にしましょう。メッセージを出して最初の画面に戻します。"},
			{"アーカイブしたデータにも必要ですか？", "初版では不要です。数字を見て決めます。"},
			{"エラー時の文言はどれにしますか？", "ヘルプページの文言でお願いします。法務の確認済みです。"},
			{"初期表示は何件にしますか？", "二十件で、残りはリンクにします。"},
			{"誰が有効にできますか？", "管理者だけです。受け入れ条件に追記しました。"},
		},
		hold:    []string{"法務に確認してから返信します。", "確認します。明日また書きます。"},
		approve: []string{"問題ありません。受け入れました。", "ステージングで確認しました。クローズして大丈夫です。", "承認します。ありがとうございます！"},
		remark:  []string{"今朝、二つのアカウントで一通り触りました。", "木曜日にお客様に見せます。"},
		reject:  []string{"まだです。メッセージがすぐに消えてしまいます。", "二つ目の条件を満たしていません。もう一度お願いします。"},
		relay:   []string{"チームから質問が来ています。決めてもらえますか？", "ここはどう動くべきですか？"},
		settled: []string{"電話で解決しました。ありがとうございます", "直接話して決めました。ありがとう"},
		technical: []exchange{
			{"マイグレーションでテーブルはロックされますか？", "されません。インデックスはバックグラウンドで作ります。"},
			{"リトライはクライアント側ですか、キュー側ですか？", "キュー側です。クライアントは一回で諦めます。"},
		},
		chatter:  []string{"プッシュしました。テストは通っています。", "クエリは40ミリ秒になりました。", "最後のコミットで直しました。"},
		roadmap:  []string{"市場投入の後に回します。営業も合意しています。", "範囲をパイロット顧客の分に絞りました。", "夏までに必要とのことです。"},
		feedback: []string{"今日の顧客との電話：毎週使いたいそうです。", "今月二件目の大口顧客からの要望です。"},
	}
}
