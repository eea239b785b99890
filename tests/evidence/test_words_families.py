"""Which words meet, which stay apart, and how compounds are taken apart: Dutch of education."""

from itertools import combinations

import pytest

from evidence.words import compound_parts, terms

SAME = """
leerling leerlingen
leraar leraren leraars
docent docenten
school scholen schooltje schools
klas klassen klasje
groep groepen groepje groepjes
kind kinderen kindje
meisje meisjes
jongen jongens
ouder ouders
toets toetsen getoetst toetsing
les lessen lesje
lezen leest las gelezen lezend lezende
leren leert geleerd lerende
schrijven schrijft schreef geschreven
rekenen rekent gerekend
oefenen oefent geoefend oefening oefeningen
ontwikkelen ontwikkelt ontwikkeld ontwikkeling ontwikkelingen
begeleiden begeleidt begeleid begeleiding
beoordelen beoordeelt beoordeeld beoordeling
verbeteren verbetert verbeterd verbetering
motiveren motiveert gemotiveerd gemotiveerde motivatie
concentratie concentreren geconcentreerd
evaluatie evaluaties evalueren geëvalueerd
organiseren organiseert georganiseerd
aanpassen aangepast aanpassing aanpassingen
toepassen toegepast toepassing
helpen helpt hielp geholpen hulp
begrijpen begrijpt begrepen begrijpend begrijpende
onderzoek onderzoeken onderzocht onderzoekt
gebruik gebruiken gebruikt
vergelijken vergelijkt vergeleken vergelijking
samenwerken samenwerkt samengewerkt samenwerking
voorlezen voorgelezen
onthouden onthoudt onthield
vaardigheid vaardigheden
zelfstandig zelfstandige zelfstandigheid
veilig veilige veiligheid
gelijk gelijke gelijkheid
effect effecten effectief effectieve effectiviteit
actief actieve
positief positieve
sociaal sociale
digitaal digitale
praktijk praktisch praktische
theorie theorieën theoretisch
strategie strategieën
kwaliteit kwaliteiten
universiteit universiteiten
activiteit activiteiten
methode methoden methodes
probleem problemen
systeem systemen
niveau niveaus niveau's
programma programma's
thema thema's themas
foto foto's
idee ideeën
museum musea
advies adviezen adviseren
examen examens
proces processen
bewijs bewijzen
huis huizen
brief brieven
taal talen
vraag vragen vraagt vroeg gevraagd
keuze keuzes kiezen koos gekozen
resultaat resultaten
prestatie prestaties presteren
verschil verschillen verschillende
telefoon telefoons
privé prive
MBO mbo
strategy strategies
effects effect
students student
""".strip().splitlines()

APART = """
begeleiding beleid
bestuur besturing
bestuur bestuurder
organisatie orgaan
onderzoek zoek
gelijk lijk
getal tal
gevoel voel
leerling leer
leerkracht kracht
lees les
speel spel
lezer lezen
rekening rekenen
tekening teken
jongen jong
jongeren jong
ouderen ouders
huis huid
universiteit univers
overheid over
arbeid ar
maat maatregel
toets toe
kwaliteit kwaal
relatie releren
kans kant
gedrag draag
gebruik bruikbaar
instelling instellen
afdeling delen
omgeving geven
""".strip().splitlines()

COMPOUNDS = """
basisschoolleerlingen basis school leerlingen
huiswerkbegeleiding huiswerk begeleiding
taalachterstand taal achterstand
klassenmanagement klassen management
leerproblemen leer problemen
leesvaardigheid lees vaardigheid
lerarentekort leraren tekort
onderzoeksvraag onderzoeks vraag
wiskundeonderwijs wiskunde onderwijs
kansengelijkheid kansen gelijkheid
schoolverzuim school verzuim
faalangsttraining faalangst training
leesbevordering lees bevordering
rekentoets reken toets
woordenschatonderwijs woordenschat onderwijs
groepsplannen groeps plannen
toetsresultaten toets resultaten
ouderavond ouder avond
schooladvies school advies
eindexamen eind examen
examenprogramma examen programma
leerdoelen leer doelen
doelstellingen doel stellingen
probleemstelling probleem stelling
reactiesnelheid reactie snelheid
gedragsproblemen gedrags problemen
taalontwikkeling taal ontwikkeling
spraakontwikkeling spraak ontwikkeling
werkgeheugen werk geheugen
arbeidsmarkt arbeids markt
beroepsonderwijs beroeps onderwijs
stagebegeleiding stage begeleiding
leerlingenraad leerlingen raad
ouderbetrokkenheid ouder betrokkenheid
jeugdzorg jeugd zorg
leerplicht leer plicht
telefoongebruik telefoon gebruik
energiebronnen energie bronnen
wereldoorlogen wereld oorlogen
klimaatverandering klimaat verandering
""".strip().splitlines()

WHOLE = """
leerlingen studenten verantwoordelijkheid onderwijs quizzen organisatie onderzoek onderzoeken
universiteit gelijkheid leerkracht leerkrachten bestuurder verplicht aanspreken planeten internationaal
eigenschappen gemeenschappen kunstenaars temperatuur transport boodschappen onderhandelen destilleren
landschappelijke zelfvertrouwen geschiedenis samenwerking maatschappelijk hoeveelheid
""".strip().splitlines()


def pairs(lines: list[str]) -> list[tuple[str, str]]:
    return [(line.split()[0], other) for line in lines for other in line.split()[1:]]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_forms_of_one_word_have_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)
    assert len(terms(one)) == 1


@pytest.mark.parametrize(("one", "other"), [pair for line in APART for pair in combinations(line.split(), 2)])
def test_words_that_only_look_alike_share_no_term(one: str, other: str) -> None:
    assert not set(terms(one)) & set(terms(other))


@pytest.mark.parametrize("line", COMPOUNDS)
def test_a_compound_is_found_whole_and_by_its_parts(line: str) -> None:
    compound, *parts = line.split()
    assert compound_parts(compound) == tuple(parts)
    assert {term for part in parts for term in terms(part)} < set(terms(compound))


@pytest.mark.parametrize("word", [word for line in WHOLE for word in line.split()])
def test_a_word_that_is_no_compound_stays_whole(word: str) -> None:
    assert compound_parts(word) == ()
    assert len(terms(word)) == 1


ABBREVIATED = """
po so vo mbo hbo wo vmbo havo vwo ict nt2 adhd ass tos iq 1f 2f 3d 21e h5p
""".strip()


@pytest.mark.parametrize("word", ABBREVIATED.split())
def test_what_teachers_abbreviate_is_a_term(word: str) -> None:
    assert terms(word) == [word]
    assert terms(word.upper()) == [word]


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("motivatie", "motivation"),
        ("universiteit", "university"),
        ("digitale", "digital"),
        ("informatie", "information"),
        ("effectieve", "effective"),
        ("theorie", "theory"),
        ("methode", "methods"),
    ],
)
def test_a_cognate_is_found_in_the_other_language(dutch: str, english: str) -> None:
    assert terms(dutch) == terms(english)
