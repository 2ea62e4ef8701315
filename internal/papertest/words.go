package papertest

// The words that titles, sentences and names are made of.
var (
	methods = []string{
		"sparse attention", "flow matching", "graph diffusion", "tree search", "contrastive pairs", "low-rank updates",
		"retrieval", "token merging", "state space layers", "mixtures of experts", "self-play", "preference learning",
		"curriculum sampling", "latent planning", "neural fields", "splatting", "quantized weights", "speculative decoding",
		"causal masking", "optimal transport", "kernel regression", "score distillation", "prompt compression", "memory banks",
		"program synthesis", "reward shaping", "masked modeling", "spectral filters", "rotary positions", "early exits",
	}
	tasks = []string{
		"answering questions", "segmenting images", "translating speech", "planning motion", "ranking documents", "folding proteins",
		"writing code", "finding anomalies", "reading charts", "driving at night", "composing music", "forecasting floods",
		"proving theorems", "editing video", "estimating depth", "grading essays", "tracking cells", "tuning compilers",
		"summarizing meetings", "detecting forgeries", "matching molecules", "scheduling trains", "grasping tools", "mapping forests",
	}
	things = []string{
		"medical scans", "river maps", "court records", "satellite pictures", "spoken dialogs", "robot arms", "protein chains",
		"source code", "long documents", "old manuscripts", "traffic cameras", "star catalogs", "sensor networks", "sign language",
		"bird songs", "household objects", "weather grids", "social graphs", "chemical reactions", "financial ledgers",
		"cooking videos", "mathematical texts", "ocean currents", "kitchen robots",
	}
	conditions = []string{
		"label noise", "tight budgets", "shifting data", "missing views", "adversarial edits", "low light", "rare classes",
		"heavy compression", "partial feedback", "unknown horizons",
	}
	costs    = []string{"memory", "energy", "labeled data", "bandwidth", "human time", "computation", "storage"}
	parts    = []string{"third", "quarter", "fifth", "tenth", "fraction"}
	suffixes = []string{"Net", "Former", "Bench", "LM", "Map", "Flow", "Kit", "2"}
	greek    = []string{"alpha", "beta", "gamma", "lambda", "varepsilon", "mu"}

	categories = []string{"cs.CL", "cs.CV", "cs.LG", "cs.AI", "cs.RO", "cs.IR", "stat.ML", "math.OC", "eess.AS", "q-bio.QM"}

	givenNames = []string{
		"Mira", "Jonas", "Aiko", "Léa", "Tomás", "Ngozi", "Søren", "Ioana", "Wei", "Fatma", "Elif", "Pavel", "Grace", "Ravi",
		"Ana", "Kwame", "Yuki", "Omar", "Ingrid", "Luca", "Zeynep", "Hana", "Mateo", "Chiara", "Björn", "Noor", "Sami", "Olga",
	}
	familyNames = []string{
		"Holt", "Weiss", "Tanaka", "Dupré", "Ferreira", "Okafor", "Nyström", "Popescu", "Zhang", "Yılmaz", "Novák", "Mensah",
		"Lindqvist", "Rossi", "O'Neill", "Kowalska", "van den Berg", "Müller", "García", "Haddad", "Sato", "Ivanova", "Park",
		"Silva", "Andersen", "Banerjee", "Fontaine", "Kaya", "Moreau", "Petrov", "Quist",
	}
	accounts = []string{
		"mira-holt", "jweiss", "aiko-t", "leadupre", "tferreira", "ngozi", "nystroem", "ioana-p", "weiz", "fyilmaz", "pnovak", "gracem",
	}
	organizations = []Organization{
		{"north-river-lab", "North River Lab"}, {"hilltop-university", "Hilltop University"}, {"paper-lantern", "Paper Lantern"},
		{"tidewater-ai", "Tidewater AI"}, {"institut-des-cartes", "Institut des Cartes"}, {"open-harbor", "Open Harbor"},
		{"seven-oaks", "Seven Oaks Research"}, {"glasshouse", "Glasshouse"}, {"kleine-werkstatt", "Kleine Werkstatt"},
		{"blue-kiln", "Blue Kiln"},
	}
)
