/** English given names and what their bearers are called, those of one person together. A short name may belong to several; some names have none. */
const families = `
abigail abby gail|abraham abe|albert al bert|alexander alex al sasha sandy xander|alexandra alex sandra sandy lexi|alfred al fred alf|alice ali
allison allie ally|amanda mandy|amelia amy millie|andrew andy drew|angela angie|anne ann anna annie nan|anthony tony|antonio tony|arthur art
barbara barb babs|bartholomew bart|beatrice bea trixie|benjamin ben benny benji|bernard bernie|bradley brad|brian bryan|caroline carrie carol
catherine cathy cate cat katherine kathy kate katie kat kay kitty|cecilia cece|charles charlie chuck chas|charlotte charlie lottie
christina chris tina chrissy|christine chris tina|christopher chris kit topher|clifford cliff|constance connie|cynthia cindy|daniel dan danny
david dave davy|deborah deb debbie debra|dennis denny|donald don donnie|dorothy dot dottie dolly|douglas doug
edward ed eddie ted ned teddy|edwin ed eddie|eleanor ellie nell nora|elizabeth liz lizzie beth betty betsy eliza libby bess|emily em emmy
eugene gene|evelyn evie|florence flo|frances fran franny|francis frank fran|franklin frank|frederick fred freddy freddie|gabriel gabe
gabrielle gabby|geoffrey geoff jeff|george georgie|gerald gerry jerry|gregory greg|gwendolyn gwen|harold hal harry|harriet hattie|helen nell
henry hank harry|herbert herb bert|howard howie|isabella bella izzy isabel|jacob jake|jacqueline jackie|james jim jimmy jamie|janet jan
jason jay|jeffrey jeff|jennifer jen jenny|jeremy jerry|jerome jerry|jessica jess jessie|joanna jo|john jack johnny|jonathan jon jonny johnny nathan
joseph joe joey|josephine jo josie|joshua josh|judith judy|julia julie jules|kenneth ken kenny|kimberly kim|kristen kris|lawrence larry
leonard leo lenny len|leslie les|lillian lily lil|louis lou louie lewis|louise lou|lucille lucy|madeline maddie|magdalena lena magda
margaret maggie meg peggy peggie marge margie greta rita|maria marie mary mia|marjorie marge|martin marty|martha marty|matthew matt|maximilian max
megan meg|melissa mel missy|michael mike mick mickey micky|michelle shelly|mohammed mohamed muhammad muhammed mohammad mohamad mhd|nancy nan
natalie nat|nathan nate|nathaniel nate nathan nat|nicholas nick nicky|nicole nikki nicky|olivia liv livvy|oliver ollie|pamela pam
patricia pat patty tricia trish|patrick pat paddy|peter pete|philip phil|phillip phil|priscilla cilla|rachel rach|raymond ray|rebecca becky becca
richard rick rich dick ricky|robert rob bob bobby robbie bert|roderick rod|ronald ron ronnie|rosemary rose rosie|russell russ|samantha sam
samuel sam sammy|sandra sandy|sarah sally sara sadie|sebastian seb bas|sharon shari|simon si|sophia sophie|stephanie steph|stephen steve
steven steve stevie|susan sue susie suzy suzanne susanne|suzanne sue suzy|sylvia syl|teresa terry tess|theodore ted teddy theo
theresa terry tess|thomas tom tommy|timothy tim timmy|tobias toby|valerie val|vanessa nessa|victor vic|victoria vicky tori|vincent vince vinny
virginia ginny|walter walt wally|wesley wes|wilhelmina mina|william will bill billy willy liam|winifred winnie|zachary zach zack
mark marc|paul|carl karl|earl|dean|sean shaun shawn|jean|lara|clara|laura|linda|lydia|marta|martha|marsha|maya|mila|nina|anita|erik eric|erin|aaron`;

const familiesByName: ReadonlyMap<string, readonly number[]> = indexFamilies();

function indexFamilies(): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const [at, family] of families.trim().split(/\||\n/u).entries())
    for (const name of family.trim().split(" ")) index.set(name, [...(index.get(name) ?? []), at]);
  return index;
}

/** Whether both may be called so by one person: `bob`, `robert`. Folded names. */
export const mayBeOne = (a: string, b: string): boolean => {
  const [mine = [], theirs = []] = [familiesByName.get(a), familiesByName.get(b)];
  return mine.some((family) => theirs.includes(family));
};

/** Every family that a name belongs to, as words for an index; none for a name that has no short forms here. */
export const nicknameFamilies = (name: string): readonly string[] => (familiesByName.get(name) ?? []).map((at) => `~${at}`);

/** Whether it is a given name by itself, so that a neighbour by spelling may well be another one. */
export const isKnownName = (name: string): boolean => familiesByName.has(name);
