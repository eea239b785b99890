"""What a new desk begins with: its acceptance criteria and its ready-made texts. Plain data, to be changed there.

(Dutch, English) for a criterion; (kind, name, Dutch, English) for a text.
"""

CRITERIA: list[tuple[str, str]] = [
    ("De vraag komt uit de praktijk van het onderwijs.", "The question comes from practice in education."),
    (
        "Met het antwoord kan iemand iets kiezen of anders doen.",
        "With the answer somebody can choose something, or do it differently.",
    ),
    ("Onderzoek kan deze vraag beantwoorden.", "Research can answer this question."),
    (
        "De vraag is concreet, of kan dat samen met de vraagsteller worden.",
        "The question is concrete, or can become so together with the asker.",
    ),
    (
        "Het gaat niet om regels of recht, en niet om één leerling of één conflict.",
        "It is not about rules or law, and not about one pupil or one conflict.",
    ),
    ("Er is nog geen antwoord of overzicht dat volstaat.", "There is no answer or overview yet that is good enough."),
    ("Niemand is in de vraag te herkennen.", "Nobody can be recognised in the question."),
]

TEXTS: list[tuple[str, str, str, str]] = [
    (
        "note",
        "Antwoord dat er al is / Answer that exists",
        "{greeting}\n\nJe vroeg ons:\n{question}\n\nDeze vraag hebben we eerder beantwoord:\n{answer}\n{link}\n\n"
        "Het past bij jouw vraag, omdat {…}\n\nLet op: in dat antwoord gaat het om {…}",
        "{greeting}\n\nYou asked us:\n{question}\n\nWe have answered this question before:\n{answer}\n{link}\n\n"
        "It fits your question, because {…}\n\nMind: that answer is about {…}",
    ),
    (
        "note",
        "Bron die helpt / Source that helps",
        "{greeting}\n\nVoor jouw vraag is er al een goede bron:\n{answer}\n{link}\n\nVooral het deel over {…} helpt je "
        "verder. Mis je daarna nog iets? Vertel het ons, dan kijken we opnieuw.",
        "{greeting}\n\nThere is a good source for your question already:\n{answer}\n{link}\n\nEspecially the part "
        "about {…} will help you. Do you still miss something after that? Tell us, and we look again.",
    ),
    (
        "decline",
        "Geen vraag voor onderzoek / Not for research",
        "{greeting}\n\nWe hebben je vraag {number} goed gelezen. Onderzoek kan deze vraag niet beantwoorden, omdat {…}",
        "{greeting}\n\nWe have read your question {number} with care. Research cannot answer it, because {…}",
    ),
    (
        "decline",
        "Recht of regels / Law or rules",
        "{greeting}\n\nJe vraag {number} gaat over regels of over het recht. Daar geven wij geen antwoord op: wij "
        "zoeken uit wat onderzoek zegt.",
        "{greeting}\n\nYour question {number} is about rules or about the law. That is not ours to answer: we look "
        "up what research says.",
    ),
    (
        "decline",
        "Over één leerling / About one pupil",
        "{greeting}\n\nJe vraag {number} gaat over één leerling. Over één leerling kan onderzoek niets zeggen, en "
        "dat willen we ook niet vanaf een afstand doen. Wil je weten wat onderzoek in het algemeen zegt? Stel je "
        "vraag dan opnieuw zonder die leerling, dan helpen we je graag.",
        "{greeting}\n\nYour question {number} is about one pupil. Research can say nothing about one pupil, and we "
        "do not want to do that from afar. Do you want to know what research says in general? Then ask again "
        "without that pupil, and we will gladly help.",
    ),
    (
        "alternative",
        "Zelf zoeken / Search yourself",
        "Op de website van {desk} kun je zelf zoeken in antwoorden en bronnen. Zoek bijvoorbeeld op: {…}",
        "On the website of {desk} you can search in answers and sources yourself. Search for example for: {…}",
    ),
    (
        "alternative",
        "Binnen de school / Inside the school",
        "Bespreek je vraag met de intern begeleider, het zorgteam of je leidinggevende. Zij kennen de situatie.",
        "Talk about your question with the care coordinator, the support team or your head. They know the situation.",
    ),
    (
        "hand_over",
        "Ander loket weet meer / Another desk knows more",
        "{greeting}\n\nJe vraag {number} past beter bij een ander loket: zij weten meer over {…}",
        "{greeting}\n\nYour question {number} fits another desk better: they know more about {…}",
    ),
    (
        "message",
        "Kennismaken / Getting to know",
        "{greeting}\n\nIk ben {broker} en ik werk aan je vraag {number}. Om goed te kunnen zoeken wil ik graag weten:\n"
        "\n- Om welke leerlingen gaat het?\n- Wat wil je met het antwoord kiezen of doen?\n\nJe kunt hier gewoon "
        "antwoorden. Schrijf geen namen van leerlingen op.",
        "{greeting}\n\nI am {broker} and I work on your question {number}. To search well I would like to know:\n"
        "\n- Which pupils is it about?\n- What do you want to choose or do with the answer?\n\nYou can simply "
        "reply here. Please write down no names of pupils.",
    ),
    (
        "message",
        "Het duurt langer / It takes longer",
        "{greeting}\n\nHet antwoord op je vraag {number} duurt langer dan we dachten, omdat {…} We werken er nog aan.",
        "{greeting}\n\nThe answer to your question {number} takes longer than we thought, because {…} We still work on it.",
    ),
    (
        "reminder",
        "We wachten op jou / We wait for you",
        "{greeting}\n\nWe wachten nog op jouw reactie bij vraag {number}. Zonder die reactie kunnen we niet verder. "
        "Heb je het antwoord niet meer nodig? Laat het ons dan ook even weten.",
        "{greeting}\n\nWe still wait for your reaction to question {number}. Without it we cannot go on. Do you no "
        "longer need the answer? Then please tell us that as well.",
    ),
]
