/**
 * Words that carry what is said from one fact to the next. Everything else must have been given. Left out on purpose: numbers, negations
 * (they turn a fact into its opposite), judgements (fine, safe, harmless), kinds of objects, and words that people like to name things by.
 */
const WORDS = `
a about above according across actually add added additional affect affected affects after again all allow allows almost along already also
although always an and another any appear appears apply approve are area around as ask asks at attempt attention available avoid away back
based be became because become becomes been before began begin begins behind being below beside besides best better between both bring
brings briefly but by call called calls came can carry case cases cause caused causes causing change changed changes check checked
checking clear clearly come comes complete completely concern condition confirm consequence consider contain contains continue continues
correct correctly could currently deal depend depends describe described detail details did different directly do does done due during
each earlier effect either else end ended ends enough ensure even event events ever every exact exactly example exist existing exists
expect expected explain explained explains explanation fact facts fail failed failing fails failure far few find finding first fix fixing
follow followed following follows for form found from full fully further gave general get gets give given gives go goes going gone had
happen happened happening happens has have having help helps hence here hold holds how however if immediate immediately impact important
in include includes including indeed indicate indicates information inside instead into involved is issue issues it its itself just keep
keeps kept kind know known large last later lead leads leaves led less let like likely line list little long look looking looks made main
mainly make makes making many matter matters may mean means meanwhile meant might missing more most mostly much must name named namely
near need needed needs next note notice noticed now object objects observed occur occurred occurs of off often on once only onto open or
order other others otherwise our out over overall own part particular parts people perhaps person place plainly please point points
possible precisely present prevent prevented prevents previous probably problem problems proceed propose proposed proposes provide
provided purpose put reach ready really reason reasons recently recommended refer refers related relevant relies rely remain remains
remedy repair report reported reports require required requires responsible rest result results right root said same saw say says see
seem seems seen separate set several shall she should show showing shown shows simply since situation so some somebody someone something
soon source stand start started starts state stated states step steps still stop stopped stops such suggest suggested suggests summary
suppose sure symptom symptoms take taken takes team tell tells than that the their them then there therefore these they thing things
think this those though through thus time to together told too took toward trouble tried tries try trying turn turns under underlying
understand until up upon us use used useful user users uses using usual usually value values various very view visible want was way ways
we well were what whatever when where whether which while who whole whom whose why will wish with within word words work working works
would wrong yet you your
application behaviour behavior component configuration correction customers developer manager operator owner people's problem's running
service services software system systems workload workloads noticed rely
`;

const ORDINARY = new Set(WORDS.split(/\s+/u).filter((word) => word !== ''));

/** In small letters or beginning with a capital one; anything with a digit, a sign or capitals inside is a name. */
export function isOrdinary(word: string): boolean {
  if (!/^[A-Za-z][a-z]*(?:['’]s)?$/u.test(word) && !/^[a-z]+-?[a-z]+$/u.test(word)) return false;
  return word
    .toLowerCase()
    .replaceAll('’', "'")
    .split('-')
    .every((part) => ORDINARY.has(part) || ORDINARY.has(part.replace(/'s$/u, '')));
}
