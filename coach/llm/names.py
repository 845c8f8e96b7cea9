"""Names: made-up ones to stand for real ones, and what is known of real first names. Data, and nothing else.

The made-up ones are rare as names and no everyday words, so that a reply hardly holds one by chance, and none ends
in s, so that a possessive survives.
"""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


HE = _words(
    "Alden Alaric Ambrose Anselm Auberon Baldwin Barnaby Bertrand Caspian Cedric Clement Crispin Cuthbert Dermot "
    "Dorian Edgar Edmund Egbert Eldred Emrick Ephraim Evander Everard Fabian Ferdinand Gareth Gawain Gideon Godfrey "
    "Godwin Gunther Hadrian Hamish Hector Horatio Humphrey Ignatz Ingram Ivor Jarvin Jethro Kelvin Kenelm Lambert "
    "Leander Leofric Lionel Lorcan Lysander Merrick Montague Mortimer Neville Nigel Norbert Octavian Orlando Osbert "
    "Oswald Percival Peregrin Quentin Radley Ranulf Redmond Reginald Roderick Roland Rufford Rupert Sebald Sheldon "
    "Sigmund Tancred Thaddeo Theodric Tobin Tristan Ulric Vernon Virgil Waldemar Wilfred Wolfram Wystan Yorick Zebedee"
)
SHE = _words(
    "Agatha Alethea Annabeth Antonella Araminta Augusta Beatrix Benedicta Brunhild Calista Camilla Celestine Clarimond "
    "Clemency Clotilde Cordelia Cressida Daphne Delphine Dorothea Drusilla Edwina Eleanora Elspeth Ermintrude Eudora "
    "Euphemia Evangeline Felicity Ferelith Georgiana Gertrude Ginevra Griselda Guinevere Gwendolen Henrietta Hermione "
    "Hildegard Honoria Hortensia Imogen Isolde Jacinta Jessamine Jocasta Josefina Kerensa Lavinia Leocadia Leonora "
    "Letitia Lucasta Lucinda Ludmilla Marcella Matilda Melisande Mehitabel Millicent Minerva Morwenna Muriel Nerida "
    "Octavia Olympia Ophelia Ottilie Perpetua Petronella Philippa Philomena Portia Rosamund Rowena Sabrina Seraphina "
    "Sidonie Tabitha Theodora Thomasina Tryphena Ursula Valentina Verity Wilhelmina Winifred Xanthe Yolanda Zenobia"
)
THEY = _words(
    "Arden Auden Averill Bellamy Blair Bryn Cameron Carey Corin Darcy Devin Ellery Embry Emerson Everly Farrow Finlay "
    "Florian Greer Hadley Harlow Haven Jody Justice Kendal Kerry Kirby Laurence Lennon Lindley Linden Loren Lyndon "
    "Mackenzie Madden Marley Marlow Merrill Morgan Nevada Nico Oakley Palmer Perrin Peyton Presley Quillan Quinn "
    "Rayne Remy Rennie Ridley Rory Rowan Sawyer Selby Seneca Shea Sidney Skyler Sloane Sorrel Tamsin Tatum Teagan "
    "Tierney Torin Tyne Waverly Whitney Winslow Wylie Yarrow Zephyr"
)
FAMILY = _words(
    "Abbotsley Ainsworth Alderwick Ambleforth Arkwright Ashcombe Babbington Bagshaw Balderstone Barraclough Beckwith "
    "Blenkinsop Bottomley Braithwaite Brockhurst Broughton Calverley Carmody Cartwright Chilcott Claverdon Colquhoun "
    "Cranleigh Crowther Culpepper Dalrymple Danforth Davenport Delamere Drinkwater Earnshaw Eddington Entwhistle "
    "Fairweather Fanshawe Farnham Featherby Fitzgibbon Fothergill Gainsborough Garrick Gathercole Goldsworthy Gosforth "
    "Greenhalgh Grimshaw Haddington Hallowell Hargreave Hathersage Hazeldine Heathcote Higginbotham Holbrook Huxtable "
    "Illingworth Ingleby Kilbride Kirkbride Langstaff Lathbury Leatherbarrow Lillywhite Longbottom Ludlow Mainwaring "
    "Marchbank Maybury Micklethwait Netherby Northcote Oglethorpe Ormerod Osgood Pemberton Penhaligon Pettigrew "
    "Pickersgill Postlethwaite Prendergast Quarmby Ramsbottom Ravenscroft Rowbotham Satterthwaite Shackleton Shuttlewood "
    "Sidebottom Stapleford Strickland Sutcliffe Tattersall Thistlewood Tolliver Trelawney Underhay Uttley Wainwright "
    "Warburton Wetherby Whitcombe Wigglesworth Winterbourne Wolstenholme Wyndham Yardley"
)
PLACE = _words(
    "Norvale Tarnbridge Calverton Ostermoor Brindlewick Halvern Quorndale Marlhaven Pendrith Silverleigh Thornaby "
    "Wexcombe Yarrowgate Aldermere Bexholm Corvedale Dunmoor Elmsworth Farrowby Glenholm Hartsmere Invermoor Kestrelby "
    "Larkholm Mistlegate Northolme Orrindale Penmarch Quillford Ravenholm Stourleigh Tidewick Umberford Vantholm Westmarl "
    "Zelden Ambrook Brackenholm Cresthaven Dovermarl Eastholme Fenwarren Grayholm Hollinmere Ivelcombe Jarrowmere Kelholm "
    "Lowenbridge Merrowdale Nettlecombe Oakhanger Pellworth Rimmerdale Selwick Tamarholm Ulverleigh Verewood Wychmoor Yeldham Thrapwick"
)
LETTERS = _words(
    "BVQ CZK DQX FVJ GXQ HVZ JQB KVX LXZ MVQ NQZ PXJ QVK RZQ SQX TVJ VKQ WQZ XBV ZKQ BQJ CVX DZV FQK GVJ HXQ JVZ KQX"
)

_MALE = (
    "aaron abdul abdullah abraham adam adrian ahmad ahmed aidan alan albert alejandro aleksander alessandro alexander "
    "alfie alfred ali amir amit anand anders andre andreas andrei andrew andrzej andy anil ante anthony anton antonio "
    "archie arjun arne arnold arthur arturo ashok axel aziz barry bartek ben benjamin bernard bjorn bob bogdan boris brad "
    "bradley brandon brendan brian bruce bruno bryan callum carl carlos cesar charlie chen christian christoph "
    "christopher chuck claude colin connor conor craig curtis cyril damian damien dan daniel danny darren dave david "
    "declan dennis derek desmond dieter diego dimitri dmitri dominic donald doug douglas duncan dylan eamonn eddie eduardo "
    "edward edwin elias elliot emil emilio emmanuel enrique eric erik ernest ethan eugene evan faisal farid felipe felix "
    "fernando filip florian francesco francis francisco franco franz fred freddie frederick fredrik gabriel gareth gary "
    "gavin geoff geoffrey george gerald gerard giovanni giuseppe gordon graeme graham greg gregor gregory guido "
    "guillaume gustav guy hamza hans hans-peter harald harold harry harun hasan hassan heinrich henrik henry herbert hiroshi howard "
    "hugh hugo hussein ian ibrahim igor imran isaac ismail ivan jacek jack jackson jacob jacques jakob jakub jamal james "
    "jamie jan janek jason javier jean jeff jeffrey jens jeremy jerome jerry jesus jim jimmy joachim joao joe joel "
    "johan johannes john johnny jon jonas jonathan jordan jorge jose josef joseph joshua juan julian julio jurgen "
    "justin kai kamal karim karl karol keith ken kenji kenneth kevin khaled kieran klaus knut krishna kumar kurt kwame "
    "kyle lars laszlo lawrence lee leo leon leonard leonardo lewis liam lorenzo louis luca lucas ludwig luis luka "
    "lukas lukasz luke maciej magnus malcolm manuel marcel marcin marco marcus marek mario martin mateo mateusz matt "
    "matteo matthew matthias maurice max maxim mehdi mehmet michael michal miguel mihai mike mikhail milan miroslav "
    "mitch mohamed mohammad mohammed moritz muhammad mustafa nathan nathaniel neil nicholas nick nico nicolas niels nigel "
    "nikhil nikola nikolai nikos noah noel norman oleg oleksandr oliver olivier omar oscar osman otto owen pablo paolo "
    "patrick paul paulo pavel pawel pedro pete peter phil philip philipp piotr pierre prakash rafael rahul raj rajesh ralf "
    "ralph ramesh ramon raphael ravi raymond reza ricardo richard rick ricky rob robert roberto rodrigo roger rohan roland "
    "roman ronald ronnie rory ross roy ruben rudolf russell ryan said salim salman sam samir samuel sandeep sanjay santiago "
    "scott sean sebastian serge sergei sergey sergio seth shane shaun shawn simon stanley stefan stefano steffen stephen "
    "steve steven stewart stuart sunil sven tadeusz takashi tariq ted terry theo thomas thorsten tim timo timothy tobias "
    "todd tom tomas tomasz tommy toni tony travis trevor tristan uwe vadim viktor vijay vikram vincent vincenzo vinod "
    "vivek vladimir volker walter warren wayne werner wilhelm william wojciech wolfgang xavier yannick yusuf yuri yves "
    "zach zachary zoltan jakobo samuele kofi kwesi chidi emeka tunde segun babak dariush siddharth karthik wei jun hao"
)
_FEMALE = (
    "abby abigail ada adele agata agnes agnieszka aisha aleksandra alessandra alex-anne alexandra alexis alice alicia "
    "alison allison alma amanda amelia amina amy ana anastasia andrea angela angelica angelina anita anja anke ann anna annabel "
    "anne anneke annette anne-marie annie antonia anya astrid audrey aurelie ava ayesha azadeh barbara beata beatrice "
    "becky belinda bella bernadette beth bethany betty bianca birgit bonnie brenda bridget brigitte brittany camille "
    "candice carla carmen caroline carolina carolyn catarina catherine cathy cecilia celine chandra chantal charlotte "
    "chelsea cheryl chiara chloe christiane christina christine cindy claire clara clare claudia colette colleen connie "
    "constance corinne cynthia dagmar dana daniela danielle danuta debbie deborah deepa deirdre delia denise diana diane "
    "dominika donna dora doris dorota dorothy ebony edith eileen ekaterina elaine elena eleanor eleni elif elisa "
    "elisabeth eliza elizabeth ella ellen ellie elsa elspeth emilia emily emma erica erika erin esme esther eva evelyn "
    "ewa farah fatima fatma fernanda fiona flora florence frances francesca francoise franziska frederique frida "
    "gabriela gabriele gabriella gemma georgia georgina geraldine gillian gina gisela gita giulia gloria greta gudrun gwen "
    "hana hanna hannah harriet hayley hazel heidi helen helena helga henrietta hilary hilda hina ilaria ilse imogen ines "
    "inga ingrid irena irene irina isabel isabella isabelle ivana iwona jacqueline jade jan-marie jana jane janet janice "
    "janine jasmin jasmine jean-anne jeanette jelena jennifer jenny jessica jess jill joan joanna joanne jocelyn johanna "
    "josephine joyce juana judith judy julia juliana julie juliet justyna kamala kareena karen karin karina karla katarina "
    "katarzyna kate katharina katherine kathleen kathryn kathy katia katie katja katrin katya kavita kayla kelly kerstin "
    "khadija kiara kinga kirsten kirsty krista kristen kristin kristina krystyna lakshmi lara larissa laura lauren layla leah "
    "leila lena leonie leticia liliana lillian lina linda lindsay lisa lise livia liz lois lorena lorna lorraine louisa "
    "louise lucia lucie lucy luisa lydia lynn lynne madeleine madison maeve magda magdalena maggie mai maja malgorzata "
    "mandy manon mara marcela margaret margarita margot maria mariam mariana marianne marie marie-claire marija marina "
    "marion marisa marjorie marlene marta martha martina mary maryam mathilde maureen maya meera megan meghan mei melanie "
    "melinda melissa mercedes mia michaela michelle mila mina mira miranda miriam moira molly mona monica monika monique "
    "muriel myra nadia nadine nancy naomi natalia natalie natasha nathalie neha nicola nicole nina noor nora norah "
    "noreen nuria oksana olga olivia olena pamela patricia paula pauline petra phoebe pia polina pooja prisha priya "
    "rachel raquel rebecca regina renata renate rhiannon rita roberta rosa rosalind rosemary rosie roxana ruth sabine "
    "sabrina sadia saima salma samantha samira sandra sara sarah saskia selina sharon sheila shelley shirin shirley "
    "shreya sigrid silke silvia simone sinead siobhan sofia sofie solange sonia sonja sophia sophie stacey stefanie "
    "stella stephanie sunita susan susanna susanne suzanne svetlana sylvia sylvie tamara tanja tania tanya tara tatiana "
    "teresa tess tessa thea theresa tina tracey tracy ulrike uma ursula valentina valeria valerie vanessa vera veronica "
    "veronika vicky victoria viktoria violeta virginia vivian viviana wanda wendy xin yasmin yasmine yolanda yuki yulia "
    "yvette yvonne zahra zainab zara zeynep zoe zofia zuzanna ngozi amara adaeze chioma nkechi folake thandi zanele"
)
_EITHER = (
    "alex andi ariel ashley avery bailey bobbie carey casey charlie chris dakota dana danni devon drew eden elliott ellis "
    "erin frankie gabi gale jackie jamie jessie jo jody jordan jude jules kai kelly kerry kim kit lesley leslie lou loren "
    "lyn mackenzie morgan nat nicky nikki noa pat quinn reese remy riley robbie robin ronnie rowan sacha sam sandy sasha "
    "shannon shay sid sidney skye stacy steff stevie sydney taylor terry toni tracy val viv"
)
_EVERYDAY = (
    "will mark bill rob grant frank art jack pat sue rose grace hope joy faith may june april august dawn eve iris ivy "
    "violet amber ruby pearl crystal daisy holly heather olive summer penny drew chase chance guy dean earl miles rich "
    "ray jay gene gay lance wade cliff carol norm dale glen glenn lane reed hunter mason cooper parker page paige skip buddy sandy "
    "misty robin star melody harmony charity destiny an so my min long van sun song han bo kay lee don al ed sal "
    "hank max sam nat jan said sid val gale eden noel major duke rusty rocky dusty sunny stormy winter autumn sage basil "
    "angel blaze dick randy josh harry bob nick pete jean bonnie dolly hazel jade jasmine iman victor christian jordan "
    "tracy dana tony kit pip mo jude marina georgia chelsea florence virginia carolina madison jackson lincoln dallas "
    "austin paris london sydney vienna asia india china chad israel jo lou kim"
)

GENDERS: dict[str, str] = {
    **dict.fromkeys(_EITHER.split(), "they"),
    **dict.fromkeys((name for name in _FEMALE.split() if name not in _EITHER.split()), "she"),
    **dict.fromkeys((name for name in _MALE.split() if name not in _EITHER.split()), "he"),
    **dict.fromkeys(
        "will mark bill grant frank art ray lance cliff earl norm glen glenn dean dale miles gene".split(), "he"
    ),
    **dict.fromkeys(
        "rose grace hope joy faith dawn eve iris ivy violet amber ruby holly heather penny carol".split(), "she"
    ),
}
"""First name in lower case → "he", "she" or "they", where most people who have it are called so."""

EVERYDAY = frozenset(_EVERYDAY.split())
"""First names that are words as well: names only where they are written with a capital."""
