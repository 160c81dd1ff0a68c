"""Invented secrets, each with two ways in which a person may give it away in other words.

The threshold of the guard was chosen on ``CHOSEN_ON``; ``HELD_BACK`` is only reported.
"""

CHOSEN_ON = (
    (
        "We launch the walnut filling in spring with a margin of 12 percent.",
        "In spring we are launching our walnut filling, margin: 12 percent",
        "Walnut filling launches this spring and what a margin, 12 percent",
    ),
    (
        "The factory in Tartu will close in March and 240 people lose their jobs.",
        "Our Tartu factory closes in March, 240 people are losing jobs",
        "Sad: in March the factory at Tartu is closing. Jobs lost by 240 people!",
    ),
    (
        "Our budget for the final is 1.2 million euros, agreed with the board on Monday.",
        "Monday's board agreed: the final gets a budget of 1,200,000 euros",
        "Guess our budget for the final? 1 200 000 euros, the board agreed",
    ),
    (
        "Novembris avame uue kaupluse Pärnu rannas koos kohvikuga.",
        "Pärnu rannas avatakse novembris meie uus kauplus, kohvik samuti",
        "Uus kauplus ja kohvik Pärnu ranna ääres: avamine novembris!",
    ),
    (
        "Ettevõte müüakse suvel Soome investoritele 45 miljoni euro eest.",
        "Suvel müüakse ettevõte 45 miljoni euroga Soome investorile",
        "Soome investorid ostavad suvel: ettevõtte müük 45 miljonit eurot",
    ),
    (
        "W czerwcu podnosimy ceny biletów na trasie Warszawa Berlin o 15 procent.",
        "Ceny biletów Warszawa Berlin od czerwca wyższe o 15 procent",
        "Podniesiemy w czerwcu ceny na trasie Warszawa Berlin, 15 procent więcej",
    ),
    (
        "Nowy smak lodów pistacjowych wchodzi do sklepów pierwszego maja.",
        "Pierwszego maja w sklepach nowe lody o smaku pistacjowym",
        "Lody pistacjowe, nowy smak, sklepy od pierwszego maja!",
    ),
    (
        "Na podzim spouštíme vlastní mapovou aplikaci pro cyklisty zdarma.",
        "Podzim: naše vlastní mapová aplikace zdarma pro cyklisty",
        "Spustíme zdarma aplikaci s mapami, vlastní, pro cyklistiku na podzim",
    ),
    (
        "Jeseni prevzamemo trgovine konkurenta na Hrvaškem za 30 milijonov evrov.",
        "Trgovine konkurenta na Hrvaškem prevzamemo jeseni, 30 milijonov evrov",
        "Prevzem trgovin konkurentov, Hrvaška, jesen, 30 milijonov evrov",
    ),
    (
        "The singer's contract ends after the halftime show and will not be renewed.",
        "After the halftime show the contract of the singer is ending, not renewed",
        "No renewal: singer's contract ends with the halftime show",
    ),
    ("Project Walnut", "The project is called Walnut", "Walnut: a project to remember"),
    ("Operatsioon Põhjatäht", "Põhjatähe operatsioon algab", "operatsiooni Põhjatäht tiim"),
)

HELD_BACK = (
    (
        "We are going to replace the chief engineer before the race in Monaco.",
        "Before the Monaco race we will be replacing our chief engineer",
        "Our chief engineer? Replaced before Monaco, before the race",
    ),
    (
        "The recall of 18,000 blenders with cracked lids is announced on Thursday.",
        "Announcing on Thursday: recall of 18 000 blenders, lids cracked",
        "Cracked lids! We recall 18000 blenders on Thursday",
    ),
    (
        "Sales in Denmark fell by 8 percent because the new packaging leaks.",
        "Danish? Sales fell 8 percent in Denmark as new packaging is leaking",
        "Our new packaging leaks, so sales in Denmark are falling by 8 percent",
    ),
    (
        "Peatreener lahkub pärast hooaega ja uus treener tuleb Lätist.",
        "Uus treener Lätist, peatreener lahkub hooaja järel",
        "Pärast hooaja lõppu on peatreeneri lahkumine, uus treener tuleb Läti klubist",
    ),
    (
        "Rongiliin Tallinn Riia alustab sügisel ja pilet maksab 19 eurot.",
        "Sügisel alustame: Tallinn Riia rongiliin, pileti hind 19 eurot",
        "19 eurot maksab pilet rongiliinil Tallinn Riia sügisest",
    ),
    (
        "Firma kupuje sieć siłowni w Krakowie i zamyka trzy kluby jesienią.",
        "Jesienią zamykamy trzy kluby, firma kupi sieć siłowni w Krakowie",
        "Sieć siłowni z Krakowa kupuje firma, a trzy kluby zamknięte jesienią",
    ),
    (
        "Dział reklamy straci połowę budżetu po wakacjach.",
        "Po wakacjach dział reklamy traci połowę budżetu",
        "Połowa budżetu działu reklamy przepada po wakacjach",
    ),
    (
        "V lednu propustíme čtyřicet lidí z redakce zpravodajství.",
        "Propouštíme v lednu čtyřicet lidí, redakce zpravodajství",
        "Čtyřicet lidí z redakce zpravodajství: v lednu propuštěni",
    ),
    (
        "Nova blagovna znamka kave bo predstavljena decembra v Mariboru.",
        "Decembra v Mariboru predstavimo novo blagovno znamko kave",
        "Kava z novo blagovno znamko, predstavitev v Mariboru decembra",
    ),
    (
        "The loan of 3.5 million from the northern bank must be repaid by August.",
        "By August we must repay the northern bank its 3,500,000 loan",
        "Northern bank wants the loan, 3.5m, repaid in August",
    ),
    ("Operation Blue Heron", "the Blue Heron operation", "Heron, blue, our operation"),
    ("Projekt Jantar", "Za projekt je jantar", "Jantarja projekta ni več"),
)

INVENTED = (  # more of them, for what is told of ordinary posts: codenames, figures, sentences
    "Project Falcon", "Operation Sunrise", "Codename Marble", "Plan Tango", "Kestrel Bay",
    "Silver Anchor", "Oatmilk Sandwich", "Midnight Biscuit", "Harvest Moon", "Stadium Blackout",
    "4,750,000 dollars", "margin 31 percent", "17 new shops", "refund 250 euros",
    "The advertisement for the third quarter costs 4 million dollars and shows a talking dog.",
    "If the power fails during the game we will say nothing for ten minutes.",
    "The halftime singer will wear our colours and nobody knows it yet.",
    "We have a deal with the winning quarterback to eat our cookie on camera.",
    "The coach told us that the team will move to another city next season.",
    "Our chips will shrink by 20 grams in April while the price stays.",
    "The new flavour is beer and pretzel, and it is made in Ohio.",
    "We think that people will watch the game because of the commercials.",
    "The stadium owes us 600 thousand dollars for the lights.",
    "Everybody at the agency gets a bonus when the post is shared 10,000 times.",
    "The beer brand pays the band to play our song after the second touchdown.",
    "The chief executive resigns on the Tuesday after the final.",
)  # fmt: skip
