"""Odd shapes that programs give to address books and tables: read with the right value, or told, never just lost."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise

import pytest

import fakes
from coach.domain.people import Person
from coach.errors import BadInput
from coach.foreign import Found, read
from coach.foreign.charsets import charset, decoded
from coach.foreign.found import ANOTHER, meet
from many import many

LONG = "Prefers mornings, likes a call, "


def of(raw: bytes | str) -> Found:
    return read(raw.encode() if isinstance(raw, str) else raw, fakes.NOW)


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def one(raw: bytes | str) -> Person:
    [person] = of(raw).people
    return person


def days(person: Person) -> list[tuple[str, int, int]]:
    return [(each.label, each.month, each.day) for each in person.celebrations]


# ---- folds


def test_a_letter_that_a_fold_splits_stays_whole_and_so_does_the_file() -> None:
    raw = card("N:Müller;Jörg;;;", "FN:Jörg Müller", "NOTE:mag Kaffee für zwei").encode()
    split = raw.replace("für".encode(), b"f\xc3\r\n \xbcr")
    assert (one(split).name, one(split).beyond) == ("Jörg Müller", "mag Kaffee für zwei")


@many(
    "note",
    [
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Sch=C3=B6ne Gr=C3=BC=\r\n=C3=9Fe aus Kiel",
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Sch=C3=B6ne=20Gr=C3=BC=\r\n =C3=9Fe=20aus=20Kiel",
        "NOTE;QUOTED-PRINTABLE;CHARSET=utf-8:Sch=C3=B6ne=20Gr=\r\n =C3=BC=\r\n =C3=9Fe aus=\r\n  Kiel",
        "NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Sch=F6ne Gr=FC=DFe aus =\r\nKiel",
        "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Sch=C3=B6ne Gr=C3=BC=C3=9Fe aus=\r\n Kiel",
    ],
)
def test_quoted_printable_with_soft_breaks_and_folds(note: str) -> None:
    assert one(card("N:Weber;Jan;;;", "FN:Jan Weber", note, version="2.1")).beyond == "Schöne Grüße aus Kiel"


def test_a_picture_in_the_middle_of_a_card_is_passed_over() -> None:
    picture = "PHOTO;ENCODING=BASE64;TYPE=JPEG:" + "\r\n ".join(["AAAA"] * 400)
    assert one(card("FN:Jan Weber", "N:Weber;Jan;;;", picture, "TITLE:Buyer")).role == "Buyer"


def test_cards_without_an_end_are_told_one_by_one() -> None:
    book = of("BEGIN:VCARD\nVERSION:3.0\nFN:Cut Off\n" * 3 + card("FN:Jan Weber", "N:Weber;Jan;;;"))
    assert [each.name for each in book.people] == ["Jan Weber"]
    assert book.left_out == ("Card 1 is cut off.", "Card 2 is cut off.", "Card 3 is cut off.")


def test_ten_thousand_cards_without_an_end_are_read_at_once() -> None:
    assert len(of("BEGIN:VCARD\nFN:A B\n" * 10_000).left_out) == 10_000


# ---- character sets


@many(
    "codec, text",
    [
        ("cp1250", "Jméno;Příjmení\nŘehoř;Dvořák\nLenka;Němcová\n"),
        ("cp1250", "Imię;Nazwisko\nŁukasz;Wójcik\nMałgorzata;Dąbrowska\n"),
        ("cp1250", "First Name,Last Name\nGyőző,Szűcs\n"),
        ("cp1252", "Prénom;Nom\nHélène;Lefèvre\n"),
        ("cp1252", "First Name,Last Name\nÅsa,Løvgren\n"),
        ("cp1252", "Nombre,Apellidos\nJosé,Muñoz\n"),
        ("cp1254", "Ad,Soyad\nAyşe,Güneş\n"),
        ("cp1251", "Имя,Фамилия\nАнна,Смирнова\n"),
        ("koi8_r", "Имя,Фамилия\nАнна,Смирнова\n"),
        ("cp932", "氏名,会社名\n山田 太郎,株式会社ヤマダ\n"),
        ("cp932", "First Name,Last Name,E-mail\nTaro,Yamada,a@example.com\n花子,鈴木,b@example.com\n"),
        ("euc_jp", "氏名,会社名\n山田 太郎,株式会社ヤマダ\n"),
        ("gb18030", "姓名,公司\n王伟,北京科技\n"),
        ("cp949", "이름,회사\n김철수,삼성전자\n"),
        ("mac_roman", "First Name,Last Name\nHélène,Lefèvre\nJörg,Müller\n"),
        ("utf-16", "Vorname\tNachname\nJörg\tMüller\n"),
        ("utf-16-le", "Vorname\tNachname\nJörg\tMüller\n"),
        ("utf-8-sig", "Vorname,Nachname\nJörg,Müller\n"),
    ],
)
def test_the_set_a_file_was_written_in_is_found(codec: str, text: str) -> None:
    assert decoded(text.encode(codec)) == text


def test_a_card_may_name_its_own() -> None:
    sets = (("山田 太郎", "SHIFT_JIS", "cp932"), ("Řehoř Dvořák", "windows-1250", "cp1250"))
    for name, told, codec in sets:
        assert one(card(f"FN;CHARSET={told}:{name}", version="2.1").encode(codec)).name == name


def test_a_card_may_name_a_set_and_be_written_in_utf_8_all_the_same() -> None:
    assert one(card("FN;CHARSET=ISO-8859-1:Jörg Müller")).name == "Jörg Müller"


def test_pure_ascii_is_utf_8() -> None:
    assert charset(b"name,role\nAna,Buyer\n") == "utf-8"


# ---- nobody is merged


def test_two_people_of_one_name_in_a_table() -> None:
    table = of("First Name,Last Name,Company\nRosa,Lang,Sales\nRosa,Lang,IT\nRosa,Lang,IT\n")
    assert [each.role for each in table.people] == ["Sales", "IT"]
    assert table.left_out == ("Line 4 says the same as one above.",)


def test_two_people_of_one_name_in_an_address_book() -> None:
    cards = [card("FN:Rosa Lang", "N:Lang;Rosa;;;", f"BDAY:1980-0{n}-01") for n in (3, 4)]
    assert [days(each) for each in of("".join(cards)).people] == [[("birthday", 3, 1)], [("birthday", 4, 1)]]


def test_two_of_one_name_in_a_file_may_be_one_or_two() -> None:
    book = of("".join(card("FN:Rosa Lang", "N:Lang;Rosa;;;", f"TITLE:Buyer {n}", f"UID:{n}") for n in range(3)))
    first, second, third = (each.id for each in book.people)
    asked = meet(book, []).asked
    assert [[other.id for other in each.others] for each in asked] == [[first], [first, second]]
    both = meet(book, [], answers={second: first, third: ANOTHER})
    assert [each.id for each in both.people] == [first, third]
    through = meet(book, [], answers={second: first, third: second})
    assert [each.id for each in through.people] == [first]
    assert [each.id for each in meet(book, []).people] == [first]
    mine = Person("mine", "Rosa Lang", fakes.NOW)
    same = meet(book, [mine], answers={first: "mine", second: first, third: second})
    assert (same.people, [each.role for each in same.facts]) == ((), ["Buyer 0"])


@many(
    "lines",
    [
        ("N:;;;;", "FN:Harbour Freight Ltd", "ORG:Harbour Freight Ltd;", "X-ABShowAs:COMPANY"),
        ("FN:Harbour Freight Ltd", "N:;;;;", "ORG:Harbour Freight Ltd"),
        ("KIND:org", "FN:Harbour Freight Ltd"),
        ("N:;;;;", "FN:", "ORG:Harbour Freight Ltd"),
    ],
)
def test_a_company_is_no_person(lines: tuple[str, ...]) -> None:
    book = of(card(*lines))
    assert (book.people, book.left_out) == ((), ("Card 1 is a company, not a person.",))


def test_a_company_in_a_table_is_no_person() -> None:
    table = of("First Name,Last Name,Company\n,,Harbour Freight Ltd\nRosa,Lang,\n")
    assert table.left_out == ("Line 2 is a company, not a person.",)


# ---- names


@many(
    "lines, name",
    [
        (("N:Okafor;Chidinma;;Dr.;", "FN:Okafor, Chidinma"), "Chidinma Okafor"),
        (("N:Okafor;Chidinma;Ada;;",), "Chidinma Ada Okafor"),
        (("FN:Chidinma  Okafor",), "Chidinma Okafor"),
        (("NICKNAME:Chi", "FN:"), "Chi"),
    ],
)
def test_the_name_of_a_card(lines: tuple[str, ...], name: str) -> None:
    assert one(card(*lines)).name == name


# ---- days


@many(
    "lines, told",
    [
        (("BDAY:14.03.1980",), [("birthday", 3, 14)]),
        (("BDAY;VALUE=text:14 March 1980",), [("birthday", 3, 14)]),
        (("BDAY:--03-14",), [("birthday", 3, 14)]),
        (("BDAY:19800314T000000Z",), [("birthday", 3, 14)]),
        (("item1.X-ABDATE;type=pref:2015-06-20", "item1.X-ABLabel:_$!<Anniversary>!$_"), [("anniversary", 6, 20)]),
        (("item3.X-ABDATE:2015-06-20T12:00:00Z", "item3.X-ABLabel:First day"), [("First day", 6, 20)]),
        (("X-MS-ANNIVERSARY:20150620",), [("anniversary", 6, 20)]),
    ],
)
def test_the_days_of_a_card(lines: tuple[str, ...], told: list[tuple[str, int, int]]) -> None:
    assert days(one(card("FN:Rosa Lang", "N:Lang;Rosa;;;", *lines))) == told


def test_a_day_that_is_none_is_told() -> None:
    book = of(card("FN:Rosa Lang", "N:Lang;Rosa;;;", "BDAY:1980-02-31"))
    assert (book.people[0].celebrations, book.left_out) == ((), ("Card 1: the birthday is no day there is.",))


def test_thunderbird_has_a_column_each_for_year_month_and_day() -> None:
    titles = "First Name,Last Name,Primary Email,Birth Year,Birth Month,Birth Day"
    assert days(one(f"{titles}\nRosa,Lang,r@example.com,1980,3,14\n")) == [("birthday", 3, 14)]
    assert days(one("Vorname,Nachname,Geburtsjahr,Geburtsmonat,Geburtstag\nRosa,Lang,1980,3,14\n")) == [
        ("birthday", 3, 14)
    ]


@many(
    "titles, told, found",
    [
        ("First Name,Last Name,Birthday", ("3/4/1980",), [(3, 4)]),
        ("First Name,Last Name,Birthday", ("3/4/1980", "25/4/1980"), [(4, 3), (4, 25)]),
        ("Prénom,Nom,Anniversaire", ("3/4/1980",), [(4, 3)]),
        ("Vorname,Nachname,Geburtstag", ("3.4.1980", "31.2.1980"), [(4, 3), None]),
        ("First Name,Last Name,Birthday", ("0/0/00", "14 March 1980"), [None, (3, 14)]),
    ],
)
def test_days_of_a_table_settle_together(
    titles: str, told: tuple[str, ...], found: list[tuple[int, int] | None]
) -> None:
    rows = "".join(f"Rosa {n},Lang,{day}\n" for n, day in enumerate(told))
    people = of(f"{titles}\n{rows}").people
    assert [next(((it.month, it.day) for it in each.celebrations), None) for each in people] == found


def test_googles_events() -> None:
    table = "First Name,Last Name,Birthday,Event 1 - Label,Event 1 - Value\nRosa,Lang,--03-14,Anniversary,2015-06-20\n"
    assert days(one(table)) == [("birthday", 3, 14), ("anniversary", 6, 20)]


# ---- tables


def test_outlooks_title_is_a_salutation() -> None:
    titles = '"Title","First Name","Last Name","Suffix","Company","Job Title"'
    assert one(f'{titles}\n"Mrs.","Rosa","Lang","","Northwind","Buyer"\n').role == "Buyer, Northwind"
    assert one(f'{titles}\n"Mrs.","Rosa","Lang","","Northwind",""\n').role == "Northwind"


def test_a_title_that_is_a_role_is_one() -> None:
    assert one("Name,Title\nRosa Lang,Head of planning\n").role == "Head of planning"


def test_tables_of_outlook_in_german() -> None:
    titles = '"Anrede";"Vorname";"Weitere Vornamen";"Nachname";"Suffix";"Firma";"Abteilung";"Position"'
    person = one(
        f'{titles};"Geburtstag";"E-Mail-Adresse";"Notizen"\r\n"Herr";"Jörg";"";"Weiß";"";"Bau AG";"IT";"Leiter";'
        '"14.03.1980";"J.Weiss@example.com";"kennt alle"\r\n'.encode("cp1252")
    )
    assert (person.name, person.role, person.beyond) == ("Jörg Weiß", "Leiter, Bau AG, IT", "kennt alle")
    assert (days(person), person.addresses) == ([("birthday", 3, 14)], ("j.weiss@example.com",))


def test_tables_of_outlook_in_french() -> None:
    titles = "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre,Anniversaire,Adresse de messagerie"
    person = one(
        f"{titles}\nMme,Hélène,,Lefèvre,,Forêt SA,Ventes,Acheteuse,14/03/1980,h@example.com\n".encode("cp1252")
    )
    assert (person.name, person.role) == ("Hélène Lefèvre", "Acheteuse, Forêt SA, Ventes")
    assert days(person) == [("birthday", 3, 14)]


def test_linkedin_with_its_note_before_the_titles() -> None:
    table = of(
        'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing.'
        ' You will only see email addresses for some, ..."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Rosa,Lang,https://www.linkedin.com/in/x,,Northwind,Buyer,14 Mar 2020\n"
        ",,,,,,02 Feb 2019\n"
    )
    assert [(each.name, each.role, each.celebrations) for each in table.people] == [
        ("Rosa Lang", "Buyer, Northwind", ())
    ]
    assert len(table.left_out) == 1


def test_excels_note_of_the_separator() -> None:
    assert one("sep=;\nVorname;Nachname\nRosa;Lang\n").name == "Rosa Lang"


def test_a_table_without_names_is_refused() -> None:
    with pytest.raises(BadInput, match="first line should name its columns"):
        of("a,b,c\n1,2,3\n")


# ---- lists of our own


def test_lists_in_yaml_and_in_json() -> None:
    yaml = "people:\n  - {name: Rosa Lang, role: Buyer, birthday: 14.03.1980}\nmoments:\n  - {name: Rosa Lang, "
    yaml += "when: 2024-03-04, channel: in person, what: I thanked her, landed: helped}\n"
    found = of(yaml)
    assert [(each.name, days(each)) for each in found.people] == [("Rosa Lang", [("birthday", 3, 14)])]
    assert [(each.what, each.person_id) for each in found.moments] == [("I thanked her", found.people[0].id)]
    assert of('[{"name": "Rosa Lang", "role": "Buyer"}]').people[0].role == "Buyer"


def test_an_export_of_the_coach_gives_its_people_and_moments() -> None:
    person = {"id": "p", "name": "Rosa Lang", "created_at": "2024-03-04T10:00:00Z"}
    moment = {"id": "m", "person_id": "p", "happened_at": "2024-03-04T10:00:00Z", "channel": "call", "by": "me",
              "what": "I rang her", "landed": "helped", "noted_at": "2024-03-04T10:00:00Z", "turn_id": "t"}  # fmt: skip
    found = of(json.dumps({"format": "coach-export", "version": 1, "people": [person], "moments": [moment],
                           "turns": [{}]}))  # fmt: skip
    assert (found.people[0].id, found.moments[0].turn_id) == ("p", None)
    assert found.left_out == ("Of this export, turns are left out; the page Privacy takes it back whole.",)


@pytest.mark.parametrize("raw", ["people: [3, {name: 4}]", "- name: [[]]", "people: [{}]\nmoments: [{}]"])
def test_odd_lists_lose_nothing_silently(raw: str) -> None:
    found = of(raw)
    assert found.left_out or found.people


def test_a_list_that_stands_for_billions_of_words_is_read_at_once() -> None:
    lists = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lists += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in pairwise("abcdefghijkl")]
    assert of("\n".join([*lists, "people:", "  - {name: *l}"])).left_out == ("Person 1 has no name.",)


ODD = (
    '[{"type": "contact", "values": [7, {"uuid": 1, "properties": [2]}]}]',
    '[{"type": "contact", "values": 7}]',
    '{"contact": {"values": {"a": 1}}}',
)


@pytest.mark.parametrize("data", ODD)
def test_a_file_of_wrong_types_is_refused_or_told(data: str) -> None:
    with suppress(BadInput):
        assert of(f'{{"account": {{"data": {data}}}}}').left_out


def test_what_cannot_be_read_is_written_nowhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    of(card("FN:Rosa Lang", "N:Lang;Rosa;;;", "PRIVATEWORDS", "BDAY:PRIVATEWORDS", 'REV;X="PRIVATEWORDS:1'))
    assert "PRIVATEWORDS" not in caplog.text + "".join(capfd.readouterr())


# ---- more odd shapes


@many(
    "raw, name, role, note",
    [
        (card("FN:Jörg Müller").encode("utf-8-sig"), "Jörg Müller", None, None),
        (card("FN:Jörg Müller").encode("utf-16"), "Jörg Müller", None, None),
        (card("FN:Jörg Müller", "N:Müller;Jörg;;;").encode("latin-1"), "Jörg Müller", None, None),
        (card("FN:山田 太郎", "N:山田;太郎;;;").encode("cp932"), "山田 太郎", None, None),
        (card("FN:Łukasz Wójcik", "ORG:Książki", "N:W;Ł;;;").encode("cp1250"), "Łukasz Wójcik", "Książki", None),
        (card("FN:Rosa Lang", "TITLE:Buyer").replace("\r\n", "\r").encode(), "Rosa Lang", "Buyer", None),
        (card("FN:Rosa Lang", "TITLE:Dr.", "ROLE:Buyer").encode(), "Rosa Lang", "Buyer", None),
        (card("FN:Rosa Lang", "NOTE;ENCODING=BASE64:SGVsbG8gd29ybGQ=", version="2.1").encode(), "Rosa Lang", None,
         "Hello world"),
    ],
)  # fmt: skip
def test_cards_in_odd_clothes(raw: bytes, name: str, role: str | None, note: str | None) -> None:
    person = one(raw)
    assert (person.name, person.role, person.beyond) == (name, role, note)


@many(
    "codec, table, name, role, day, mailbox",
    [
        ("utf-8", "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am\n"
         "Rosa,Lang,x,r@x.example,Northwind,Buyer,14. März 2020\n", "Rosa Lang", "Buyer, Northwind", [], "r@x.example"),
        ("cp1252", '"Título","Nombre","Segundo nombre","Apellidos","Sufijo","Organización","Puesto","Cumpleaños",'
         '"Dirección de correo electrónico"\n"Sra.","Inés","","Ruiz","","Mar SL","Jefa","05/04/1980","i@x.example"\n',
         "Inés Ruiz", "Jefa, Mar SL", [("birthday", 4, 5)], "i@x.example"),
        ("cp1252", '"Titel","Fornavn","Mellemnavn","Efternavn","Firma","Stilling","Fødselsdag","E-mailadresse"\n'
         '"Hr.","Søren","","Kjær","Nordlys A/S","Salgschef","14-03-1980","s@x.example"\n',
         "Søren Kjær", "Salgschef, Nordlys A/S", [("birthday", 3, 14)], "s@x.example"),
        ("cp1252", '"Titolo","Nome","Cognome","Società","Posizione","Compleanno","Indirizzo posta elettronica"\n'
         '"Sig.","Nicolò","Rossi","Mare SpA","Capo","05/04/1980","n@x.example"\n',
         "Nicolò Rossi", "Capo, Mare SpA", [("birthday", 4, 5)], "n@x.example"),
        ("cp1250", '"Tytuł","Imię","Nazwisko","Firma","Stanowisko","Urodziny","Adres e-mail"\n'
         '"Pan","Łukasz","Wójcik","Książki","Kierownik","1980-03-14","l@x.example"\n',
         "Łukasz Wójcik", "Kierownik, Książki", [("birthday", 3, 14)], "l@x.example"),
    ],
)  # fmt: skip
def test_tables_in_other_languages(
    codec: str, table: str, name: str, role: str, day: list[tuple[str, int, int]], mailbox: str
) -> None:
    person = one(table.encode(codec))
    assert (person.name, person.role, days(person), person.addresses) == (name, role, day, (mailbox,))


def test_a_name_with_its_degree_stays_in_order() -> None:
    assert [each.name for each in of('Name\n"Lang, Rosa"\n"Tom Smith, Jr."\n').people] == [
        "Rosa Lang", "Tom Smith, Jr."
    ]  # fmt: skip
