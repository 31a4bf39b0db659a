package sample

// domains lists what the made-up teams make.
func domains() []*domain {
	return []*domain{payments(), shop(), mobile(), logistics(), insights(), identity()}
}

func payments() *domain {
	return &domain{
		stories: []string{
			"Refund part of a payment|partial refunds", "Show why a card was declined|decline reasons", "Retry failed SEPA debits|debit retries",
			"Save a card for later|saved cards", "Pay by invoice|paying by invoice", "Send a receipt by e-mail|e-mail receipts",
			"Split a payment between two cards|split payments", "Export the monthly settlement|the settlement export", "Warn before a subscription renews|renewal warnings",
			"Change the payment method of a subscription|switching the payment method", "Show pending payouts|pending payouts", "Hold a payout for review|payout holds",
			"Convert prices at checkout|price conversion", "Accept Apple Pay in the web checkout|Apple Pay", "Block a stolen card|card blocking",
			"Show the fees of each payment|the fee breakdown", "Pause a subscription|paused subscriptions", "Add a purchase order number to an invoice|purchase order numbers",
			"Remind customers of an open invoice|payment reminders", "Cancel a payment before it is captured|cancelling before capture", "Store a billing address per company|billing addresses",
			"Ask for two-factor confirmation above a limit|the confirmation limit", "Reconcile bank transfers automatically|bank reconciliation", "Show disputes to the merchant|dispute handling",
		},
		variants:    []string{"for business customers", "for merchants in the UK", "in the merchant dashboard", "in the mobile checkout", "through the API", "for marketplaces", "for guest checkouts", "for subscriptions", "in the back office", "for the Nordics"},
		epics:       []string{"Pay by invoice", "Subscription self-service", "Merchant payouts", "Strong customer authentication", "Disputes and chargebacks", "Local payment methods", "Settlement reporting", "Checkout conversion", "Refund handling", "Fee transparency", "Recurring payments", "Bank reconciliation"},
		initiatives: []string{"Be the checkout merchants recommend", "Enter the Nordic market", "Halve the cost of a dispute"},
		containers:  []string{"Payments backlog", "Small improvements", "Miscellaneous checkout", "Leftovers from last year"},
		bugs:        []string{"Refund e-mail shows the wrong currency", "Checkout hangs after 3-D Secure", "Duplicate webhook for captured payments", "Rounding differs between invoice and receipt", "Saved card is offered after it expired", "Settlement export misses the last day of the month", "Payout list times out for large merchants", "Decline reason is empty for prepaid cards"},
		tasks:       []string{"Rotate the gateway certificates", "Upgrade the ledger database", "Replace the deprecated card vault client", "Load-test the capture queue", "Move the settlement job to the new scheduler", "Delete the old invoice templates"},
		roles:       []string{"merchant", "customer", "accountant", "support agent", "subscriber"},
		components:  []string{"Checkout", "Ledger", "Payouts", "Invoices"},
	}
}

func shop() *domain {
	return &domain{
		stories: []string{
			"Filter products by size|the size filter", "Compare three products side by side|product comparison", "Save a basket for later|saved baskets",
			"Show the delivery date on the product page|delivery dates", "Notify me when an item is back in stock|stock notifications", "Write a product review with photos|photo reviews",
			"Order a free sample|free samples", "Reorder from the order history|reordering", "Show similar products|product recommendations",
			"Share a wish list|shared wish lists", "Enter a gift message|gift messages", "Use several vouchers in one order|combined vouchers",
			"Search by product number|searching by product number", "Correct typing mistakes in search|search corrections", "Sort results by rating|sorting by rating",
			"Show the stock of nearby stores|store stock", "Reserve an item in a store|store reservations", "Return an order without an account|returns without an account",
			"Print a return label|return labels", "Show the energy label|energy labels", "Pick a parcel shop on a map|the parcel shop map",
			"Leave the basket by e-mail link|basket links", "Show prices with and without tax|tax display", "Collect loyalty points|loyalty points",
		},
		variants:    []string{"on small screens", "for logged-in customers", "for business accounts", "in the Spanish shop", "for the outlet", "in the store app", "for bundles", "for pre-orders", "in search results", "for the spring catalogue"},
		epics:       []string{"Search that finds", "Returns without friction", "Click and collect", "Loyalty programme", "Product pages that sell", "Gift season", "Reviews and trust", "B2B ordering", "Delivery promise", "Outlet relaunch", "Basket and checkout", "Wish lists"},
		initiatives: []string{"Make the shop the easiest place to buy", "Bring store and web together", "Grow the business customers"},
		containers:  []string{"Shop improvements", "Content fixes", "Old wishes", "Design clean-up"},
		bugs:        []string{"Basket empties after login", "Filter shows sold-out sizes", "Voucher is rejected on mobile", "Reviews appear twice", "Images flicker while scrolling", "Search ignores hyphens", "Wrong tax for gift cards", "Delivery date jumps after midnight"},
		tasks:       []string{"Upgrade the search cluster", "Serve images in AVIF", "Remove the old basket service", "Shorten the cold start of the recommendation job", "Clean up unused feature flags", "Move translations to the new service"},
		roles:       []string{"shopper", "returning customer", "store employee", "business buyer", "gift buyer"},
		components:  []string{"Search", "Basket", "Catalogue", "Returns"},
	}
}

func mobile() *domain {
	return &domain{
		stories: []string{
			"Log in with a fingerprint|fingerprint login", "Read messages offline|offline messages", "Switch between two accounts|account switching",
			"Mute notifications at night|quiet hours", "Scan a document with the camera|document scanning", "Show the last sync time|the sync time",
			"Use the app in dark mode|dark mode", "Undo a deleted message|undo after deleting", "Pin important conversations|pinned conversations",
			"Send a voice message|voice messages", "Search in conversations|conversation search", "Share a location for an hour|location sharing",
			"Report abusive content|abuse reports", "Enlarge text with the system setting|text size", "Show who is typing|the typing indicator",
			"Download attachments over Wi-Fi only|the Wi-Fi setting", "Translate a message|message translation", "Join a call from the lock screen|calls from the lock screen",
			"Export my data|data export", "Set a status message|status messages", "Reply from the notification|quick replies",
			"Show unread counts on the icon|unread counts", "Schedule a message|scheduled messages", "Invite friends by link|invitation links",
		},
		variants:    []string{"on tablets", "on Android", "on iOS", "for new accounts", "with a screen reader", "for group chats", "on slow networks", "for managed devices", "in landscape mode", "on the watch"},
		epics:       []string{"Works offline", "Accessible to everybody", "Safer conversations", "Calls that connect", "First-week experience", "Notifications people keep", "Bigger groups", "Tablet layout", "Data under control", "Search everywhere", "Wearables", "Faster start"},
		initiatives: []string{"Win back everyday users", "Be safe by default", "Ready for the enterprise"},
		containers:  []string{"App polish", "Store feedback", "Misc Android", "Misc iOS"},
		bugs:        []string{"Crash when rotating during upload", "Notifications arrive twice", "Typing indicator never disappears", "Dark mode shows white flashes", "Voice message cuts the first second", "Badge count is off by one", "Keyboard covers the reply box", "Search misses accented names"},
		tasks:       []string{"Raise the minimum OS version", "Replace the image cache", "Shrink the app bundle", "Migrate to the new push service", "Renew the signing certificates", "Speed up the nightly device tests"},
		roles:       []string{"user", "group admin", "new user", "parent", "commuter"},
		components:  []string{"Chat", "Calls", "Notifications", "Onboarding"},
	}
}

func logistics() *domain {
	return &domain{
		stories: []string{
			"Scan parcels in bulk|bulk scanning", "Plan a route with time windows|time windows", "Show the driver the next stop|the next-stop view",
			"Record damage with a photo|damage photos", "Reassign a stop to another driver|reassigning stops", "Print pallet labels|pallet labels",
			"Announce the arrival by text message|arrival messages", "Collect a signature on glass|signatures", "Leave a parcel with a neighbour|delivery to neighbours",
			"Block a storage bin|bin blocking", "Count stock without stopping work|cycle counts", "Book goods in by pallet|pallet receipts",
			"Show late deliveries on a map|the delay map", "Weigh parcels at the gate|gate weighing", "Sort returns by condition|return grading",
			"Handle dangerous goods|dangerous goods", "Plan breaks for drivers|driver breaks", "Share live tracking|live tracking",
			"Book a loading dock|dock booking", "Match a delivery note to an order|delivery note matching", "Warn of low packaging stock|packaging stock",
			"Track reusable crates|crate tracking", "Close a tour at the depot|closing tours", "Import orders from a carrier|carrier imports",
		},
		variants:    []string{"for night tours", "in the Hamburg depot", "for refrigerated goods", "on the handheld", "for express parcels", "for partner carriers", "for cross-border tours", "at the gate", "for bulky goods", "during stocktaking"},
		epics:       []string{"Tours planned in minutes", "Paperless depot", "Returns in a day", "Live tracking", "Partner carriers", "Cold chain", "Dock management", "Reusable packaging", "Damage handling", "Stock you can trust", "Driver experience", "Cross-border papers"},
		initiatives: []string{"Same-day delivery in ten cities", "Zero paper in the depot", "Open the network to partners"},
		containers:  []string{"Depot wishes", "Handheld improvements", "Legacy tour planner", "Small fixes for dispatch"},
		bugs:        []string{"Handheld loses scans in the tunnel", "Tour starts at the wrong depot", "Label printer cuts the barcode", "Arrival message is sent twice", "Map shows closed roads", "Weights are rounded to zero", "Signature is stored upside down", "Dock booking ignores summer time"},
		tasks:       []string{"Update the map data", "Move handhelds to the new device management", "Archive tours older than two years", "Split the dispatch database", "Renew the carrier certificates", "Harden the label service"},
		roles:       []string{"driver", "dispatcher", "warehouse clerk", "carrier", "recipient"},
		components:  []string{"Tours", "Depot", "Tracking", "Returns"},
	}
}

func insights() *domain {
	return &domain{
		stories: []string{
			"Schedule a report|scheduled reports", "Share a dashboard with a link|dashboard links", "Compare two periods|period comparison",
			"Filter by customer segment|the segment filter", "Drill down from a chart|drill-down", "Set an alert on a metric|metric alerts",
			"Import a spreadsheet|spreadsheet imports", "Hide personal data|data masking", "Annotate a chart|chart notes",
			"Undo a change to a dashboard|dashboard history", "Use a calculated field|calculated fields", "Show how fresh the data is|data freshness",
			"Export a chart as an image|chart export", "Explain a sudden change|change explanations", "Copy a dashboard|dashboard copies",
			"Limit a report to my region|regional limits", "Combine two data sources|combined sources", "Rename a metric everywhere|metric names",
			"See who uses a report|report usage", "Restore a deleted report|restoring reports", "Forecast next month|forecasts",
			"Choose the first day of the week|the first day of the week", "Show targets next to actuals|targets", "Ask for access to a report|access requests",
		},
		variants:    []string{"for managers", "in the weekly mail", "for large accounts", "in embedded dashboards", "for trial users", "with row-level security", "on a phone", "for finance", "through the API", "for shared spaces"},
		epics:       []string{"Reports on schedule", "Trust in numbers", "Self-service dashboards", "Embedded analytics", "Alerts that matter", "Data protection", "Forecasting", "Import anything", "Faster queries", "Sharing and access", "Metric catalogue", "Collaboration"},
		initiatives: []string{"Everybody answers their own questions", "Numbers people trust", "Analytics inside our partners' products"},
		containers:  []string{"Dashboard leftovers", "Quick wins", "Requests from sales", "Query tuning"},
		bugs:        []string{"Totals differ between chart and table", "Scheduled report skips Mondays", "Filter resets after sharing", "Export loses special characters", "Alert fires at midnight for no reason", "Axis labels overlap", "Forecast fails with missing days", "Dashboard copy keeps the old owner"},
		tasks:       []string{"Upgrade the query engine", "Partition the events table", "Cache the metric catalogue", "Replace the mail renderer", "Drop unused indexes", "Document the import format"},
		roles:       []string{"analyst", "manager", "account executive", "data steward", "partner"},
		components:  []string{"Dashboards", "Reports", "Imports", "Alerts"},
	}
}

func identity() *domain {
	return &domain{
		stories: []string{
			"Sign in with a passkey|passkeys", "Require two factors for admins|two factors for admins", "Invite a colleague|invitations",
			"Remove a leaver everywhere|removing leavers", "Group users into teams|user teams", "Review access every quarter|access reviews",
			"Sign in through the company directory|directory sign-in", "Show recent sign-ins|recent sign-ins", "Reset a password by phone|phone resets",
			"Create an API token with an end date|token end dates", "Lock an account after failed attempts|account locking", "Explain why access was denied|denial explanations",
			"Hand over ownership of a workspace|ownership transfer", "Sync groups every hour|group sync", "Limit sign-in to office networks|network limits",
			"Approve access requests|approving access", "Export the audit log|the audit log", "Merge two accounts|merging accounts",
			"Sign out everywhere|signing out everywhere", "Change an e-mail address|changing the e-mail address", "Give temporary access|temporary access",
			"Create a custom role|custom roles", "Show what a role may do|role details", "Warn of a new device|new-device warnings",
		},
		variants:    []string{"for guests", "for enterprise customers", "in the admin console", "through SCIM", "for service accounts", "in the mobile app", "for partner companies", "during a trial", "with an existing account", "for auditors"},
		epics:       []string{"Passwordless", "Joiners, movers, leavers", "Custom roles", "Audit readiness", "Directory sync", "Guest access", "Token hygiene", "Account recovery", "Access reviews", "Sign-in insights", "Admin console", "Partner federation"},
		initiatives: []string{"Pass the security audit without questions", "Sign in once, anywhere", "Let customers run their own access"},
		containers:  []string{"Identity backlog", "Admin wishes", "Support escalations", "Security leftovers"},
		bugs:        []string{"Invitation link expires too early", "Group sync drops nested groups", "Audit log shows the wrong time zone", "Passkey prompt appears twice", "Locked account still gets mails", "Role names are cut in the list", "Sign-out leaves one session", "Password rules differ between web and app"},
		tasks:       []string{"Rotate the signing keys", "Upgrade the directory connector", "Move sessions to the new store", "Rate-limit the token endpoint", "Remove the legacy SAML library", "Test the disaster recovery"},
		roles:       []string{"administrator", "employee", "auditor", "workspace owner", "guest"},
		components:  []string{"Sign-in", "Directory", "Roles", "Audit"},
	}
}
