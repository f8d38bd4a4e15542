package diag

import "slices"

// This file holds the text of every diagnostic. To add one, add a constant and a line of the table:
//
//   - a code is lower case with hyphens and never changes once released;
//   - a message is one clause without a capital and without a period; it quotes the offending text with %[1]q;
//   - a hint says what to type, and is empty in both languages or in neither;
//   - verbs are indexed, and both languages use the same arguments.

// Codes of files that are no text.
const (
	InvalidUTF8 Code = "invalid-utf8"
	NULByte     Code = "nul-byte"
	UTF16       Code = "utf16"
)

// Codes of faults in YAML.
const (
	YAMLAfterValue  Code = "yaml-after-value"
	YAMLAlias       Code = "yaml-alias"
	YAMLBlockHeader Code = "yaml-block-header"
	YAMLBrackets    Code = "yaml-brackets"
	YAMLColon       Code = "yaml-colon"
	YAMLControl     Code = "yaml-control-character"
	YAMLDocuments   Code = "yaml-documents"
	YAMLEmpty       Code = "yaml-empty"
	YAMLEscape      Code = "yaml-escape"
	YAMLIndentation Code = "yaml-indentation"
	YAMLInternal    Code = "yaml-internal"
	YAMLKey         Code = "yaml-key"
	YAMLList        Code = "yaml-list"
	YAMLMerge       Code = "yaml-merge"
	YAMLNoColon     Code = "yaml-no-colon"
	YAMLNoValue     Code = "yaml-no-value"
	YAMLQuote       Code = "yaml-quote"
	YAMLReserved    Code = "yaml-reserved"
	YAMLSyntax      Code = "yaml-syntax"
	YAMLTab         Code = "yaml-tab"
	YAMLTag         Code = "yaml-tag"
	YAMLTooDeep     Code = "yaml-too-deep"
	YAMLTooLarge    Code = "yaml-too-large"
)

// Codes of faults in what a file says, for every format.
const (
	DuplicateKey Code = "duplicate-key"
	UnknownKey   Code = "unknown-key"
)

// Codes of faults in what keys hold.
const (
	MissingKey  Code = "missing-key"
	WantMapping Code = "want-mapping"
	WantList    Code = "want-list"
	WantText    Code = "want-text"
	WantWord    Code = "want-word"
	WantYear    Code = "want-year"
	UnknownWord Code = "unknown-word"
	UnknownTag  Code = "unknown-tag"
	BadFileName Code = "bad-file-name"
	BadDecimals Code = "bad-decimals"
)

// Codes of faults in schemas.
const (
	BadName        Code = "bad-name"
	DuplicateName  Code = "duplicate-name"
	ReservedName   Code = "reserved-name"
	UnknownType    Code = "unknown-type"
	UnknownUnit    Code = "unknown-unit"
	NoFields       Code = "no-fields"
	LeafWithFields Code = "leaf-with-fields"
	UseAndFields   Code = "use-and-fields"
	KeyOutsideList Code = "key-outside-list"
	WantTextField  Code = "want-text-field"
	Cycle          Code = "cycle"
	NoSchema       Code = "no-schema"
)

// Codes of faults in datasets.
const (
	UnknownField   Code = "unknown-field"
	FieldTwice     Code = "field-twice"
	DatasetTwice   Code = "dataset-twice"
	WantGroup      Code = "want-group"
	WantRows       Code = "want-rows"
	WantFigure     Code = "want-figure"
	NotAGroup      Code = "not-a-group"
	NotANumber     Code = "not-a-number"
	BadSeparators  Code = "bad-separators"
	NumberTooLong  Code = "number-too-long"
	TwoSigns       Code = "two-signs"
	PercentInField Code = "percent-in-field"
	UnitInField    Code = "unit-in-field"
	UnknownFormat  Code = "unknown-format"
	JSONSyntax     Code = "json-syntax"
	BadPlace       Code = "bad-place"
	WantPlace      Code = "want-place"
	WantBool       Code = "want-bool"
	WantDate       Code = "want-date"
)

// Codes of faults in tables of datasets.
const (
	TableNoColumn Code = "table-no-column"
	TableNoRows   Code = "table-no-rows"
	TableWidth    Code = "table-width"
	TableQuote    Code = "table-quote"
	UnknownColumn Code = "unknown-column"
	ColumnTwice   Code = "column-twice"
	WantFieldName Code = "want-field-name"
	WantRowName   Code = "want-row-name"
	ColumnType    Code = "column-type"
	JoinTwice     Code = "join-twice"
	JoinDiffers   Code = "join-differs"
	JoinUnclear   Code = "join-unclear"
)

// Codes of faults in lists of entities, and of what datasets say otherwise.
const (
	EntitiesColumn      Code = "entities-column"
	EntitiesColumnTwice Code = "entities-column-twice"
	EntitiesNoColumn    Code = "entities-no-column"
	EntitiesNoName      Code = "entities-no-name"
	EntityTwice         Code = "entity-twice"
	EntityCycle         Code = "entity-cycle"
	EntityUnlisted      Code = "entity-unlisted"
	EntityParent        Code = "entity-parent"
)

// Codes of what is wrong with acceptances, and of what has become of them.
const (
	WantAccepted     Code = "want-accepted"
	WantDay          Code = "want-day"
	AcceptedChanged  Code = "accepted-changed"
	AcceptedExpired  Code = "accepted-expired"
	AcceptedUnneeded Code = "accepted-unneeded"
	AcceptedNoRule   Code = "accepted-no-rule"
	AcceptedTwice    Code = "accepted-twice"
	AcceptedOpen     Code = "accepted-open"
	WantBaseline     Code = "want-baseline"
	WantReport       Code = "want-report"
)

// Codes of faults in packs and rules.
const (
	BadID              Code = "bad-id"
	DuplicateRule      Code = "duplicate-rule"
	UnknownRule        Code = "unknown-rule"
	UnknownPack        Code = "unknown-pack"
	UnknownTopic       Code = "unknown-topic"
	KeysTogether       Code = "keys-together"
	WantCount          Code = "want-count"
	WantLimit          Code = "want-limit"
	PeersPartner       Code = "peers-partner"
	PeersWithoutKey    Code = "peers-without-key"
	UnknownPlaceholder Code = "unknown-placeholder"
	BadPlaceholder     Code = "bad-placeholder"
	BadAmount          Code = "bad-amount"
	BadBrace           Code = "bad-brace"
	EmptyPattern       Code = "empty-pattern"
	UnknownKind        Code = "unknown-kind"
	UnknownSlot        Code = "unknown-slot"
	NoSubject          Code = "no-subject"
	NoChildren         Code = "no-children"
	WantExpression     Code = "want-expression"
	ExpressionTag      Code = "expression-tag"
	ExpressionCut      Code = "expression-cut"
	ExpressionTooLong  Code = "expression-too-long"
)

// Codes of faults in expressions.
const (
	Syntax                Code = "syntax"
	TypeMismatch          Code = "type-mismatch"
	UnknownFunction       Code = "unknown-function"
	UnsupportedExpression Code = "unsupported-expression"
	UnsupportedOperator   Code = "unsupported-operator"
	UnsupportedName       Code = "unsupported-name"
	NameTaken             Code = "name-taken"
	TooDeep               Code = "too-deep"
	BadEach               Code = "bad-each"
	EachOverList          Code = "each-over-list"
	EachOverGroups        Code = "each-over-groups"
	TypeAsField           Code = "type-as-field"
	TypeWithoutGroups     Code = "type-without-groups"
	AmbiguousType         Code = "ambiguous-type"
	WantNumber            Code = "want-number"
	WantCondition         Code = "want-condition"
	WantTextExpression    Code = "want-text-expression"
	WantDateExpression    Code = "want-date-expression"
	WantListExpression    Code = "want-list-expression"
	WantField             Code = "want-field"
	WantPattern           Code = "want-pattern"
	BadPattern            Code = "bad-pattern"
	BadLiteral            Code = "bad-literal"
	BadDate               Code = "bad-date"
	UnorderedKind         Code = "unordered-kind"
	CoalesceField         Code = "coalesce-field"
	VaryingUnits          Code = "varying-units"
	UnitMismatch          Code = "unit-mismatch"
	NotSame               Code = "not-same"
	NotRatio              Code = "not-ratio"
	NotMultilinear        Code = "not-multilinear"
	NotMonotone           Code = "not-monotone"
	TooManyProducts       Code = "too-many-products"
	TooManyBranches       Code = "too-many-branches"
)

// Codes of faults in published documents.
const (
	DocumentUnknown    Code = "document-unknown"
	DocumentDamaged    Code = "document-damaged"
	DocumentOmitted    Code = "document-omitted"
	DocumentLocked     Code = "document-locked"
	DocumentLimit      Code = "document-limit"
	DocumentUnsafe     Code = "document-unsafe"
	DocumentEmpty      Code = "document-empty"
	DocumentNoText     Code = "document-no-text"
	DocumentConverter  Code = "document-converter"
	DocumentConverted  Code = "document-converted"
	DocumentHidden     Code = "document-hidden"
	DocumentUncomputed Code = "document-uncomputed"
	DocumentNoPeriod   Code = "document-no-period"
	FilePointer        Code = "file-pointer"
	ResultFile         Code = "result-file"
)

// Codes of what could be better in a pack that is in order.
const (
	ListWithoutKey Code = "list-without-key"
	NoLabel        Code = "no-label"
	UnusedLet      Code = "unused-let"
	NeverFails     Code = "never-fails"
	NeverPasses    Code = "never-passes"
)

// Codes of related places.
const (
	FirstDefined Code = "first-defined"
	DatasetFirst Code = "dataset-first"
	EntityListed Code = "entity-listed"
	JoinSays     Code = "join-says"
)

// message is one line of the table.
type message struct {
	severity       Severity
	en, zh         string
	hintEn, hintZh string
}

var messages = map[Code]message{
	InvalidUTF8: {Error,
		"the file is not UTF-8 from here on", "文件从此处起不是 UTF-8 编码",
		"save it as UTF-8; it may be in GBK", "请另存为 UTF-8 编码；它可能是 GBK 编码"},
	NULByte: {Error,
		"a NUL byte: this is not a text file", "含有 NUL 字节，不是文本文件",
		"", ""},
	UTF16: {Error,
		"the file is in UTF-16", "文件是 UTF-16 编码",
		"save it as UTF-8", "请另存为 UTF-8 编码"},

	YAMLAfterValue: {Error,
		"the value before this has ended at its closing quote or bracket", "前面的值已在右引号或右括号处结束",
		"quote the whole value, or write it as a block with >-", "请给整个值加引号，或用 >- 写成文本块"},
	YAMLAlias: {Error,
		"anchors (&name) and aliases (*name) are not supported", "不支持锚点（&名）和别名（*名）",
		"write the value out, or quote a text that begins with & or *", "请写出完整内容；以 & 或 * 开头的文字请加引号"},
	YAMLBlockHeader: {Error,
		"%[1]q at the beginning of a value starts a block of text, so nothing may follow it on its line",
		"值开头的 %[1]q 表示其下是文本块，同一行不能再有内容",
		"quote a value that begins with > or |", "以 > 或 | 开头的值请加引号"},
	YAMLBrackets: {Error,
		"a list [] or mapping {} lacks a comma or its closing %[1]q", "列表 [] 或映射 {} 缺少英文逗号或右括号 %[1]q",
		"", ""},
	YAMLColon: {Error,
		`": " is not allowed here`, "此处不能出现“: ”",
		`quote a value that holds ": " or write it as a block with >-; if it is a key, check its indentation`,
		"值中含有“: ”时请加引号，或用 >- 写成文本块；如果是键，请检查缩进"},
	YAMLControl: {Error,
		"the control character %[1]U is not allowed", "不允许使用控制字符 %[1]U",
		"delete it, or write it as an escape in double quotes", "请删去，或在双引号中用转义写出"},
	YAMLDocuments: {Error,
		"a second document begins here; a file holds one", "此处开始了第二个文档；一个文件只能有一个文档",
		"split the file, or delete the line ---", "请拆成两个文件，或删去 --- 一行"},
	YAMLEmpty: {Error,
		"the file holds nothing", "文件没有内容",
		"", ""},
	YAMLEscape: {Error,
		"unknown escape in double quotes", "双引号中的转义无效",
		`write \\ for a backslash, or use single quotes`, `反斜杠请写成 \\，或改用单引号`},
	YAMLIndentation: {Error,
		"this does not fit the lines above it", "与上文的层次不符",
		"check the indentation: the keys of a mapping, and the dashes of a list, stand in one column",
		"请检查缩进：同一映射的各键、同一列表的各个 - 应当对齐"},
	YAMLInternal: {Error,
		"the file could not be read: %[1]s", "无法读取文件：%[1]s",
		"this is a fault of the program; please report it with the file", "这是程序的错误，请连同文件一起报告"},
	YAMLKey: {Error,
		"a key must be a single value", "键必须是单个值",
		"quote a key that begins with [ or {", "以 [ 或 { 开头的键请加引号"},
	YAMLList: {Error,
		`a list ("- ") cannot begin here`, "此处不能开始列表（“- ”）",
		`put it on the lines below the key, or quote a value that begins with "- "`, "列表请写在键的下一行；以“- ”开头的值请加引号"},
	YAMLMerge: {Error,
		"merge keys (<<) are not supported", "不支持合并键（<<）",
		"write the keys out", "请写出各键"},
	YAMLNoColon: {Error,
		`a key without ":"`, "键后缺少冒号",
		`write "key: value", with a half-width colon and a space after it`, "请写成“键: 值”，用半角冒号，其后加空格"},
	YAMLNoValue: {Error,
		"a value is missing", "缺少值",
		"quote a value that begins with a bracket, a comma or another sign of YAML", "以括号、逗号等 YAML 符号开头的值请加引号"},
	YAMLQuote: {Error,
		"a quote is not closed", "引号没有配对",
		"", ""},
	YAMLReserved: {Error,
		"%[1]q cannot begin a value", "值不能以 %[1]q 开头",
		"quote the value", "请给该值加引号"},
	YAMLSyntax: {Error,
		"not valid YAML: %[1]s", "不是有效的 YAML：%[1]s",
		"", ""},
	YAMLTab: {Error,
		"a tab in the indentation", "缩进中有制表符",
		"indent with spaces", "请用空格缩进"},
	YAMLTag: {Error,
		"a value that begins with ! is read as a tag, and this is not a valid one", "以 ! 开头的值会读作标签，而此标签无效",
		"quote the value, or write not instead of !", "请给该值加引号，或用 not 代替 !"},
	YAMLTooDeep: {Error,
		"nested deeper than %[1]d levels", "嵌套超过 %[1]d 层",
		"", ""},
	YAMLTooLarge: {Error,
		"the file is larger than %[1]d MiB", "文件超过 %[1]d MiB",
		"", ""},

	DuplicateKey: {Error,
		"the key %[1]q occurs twice", "键 %[1]q 重复",
		"", ""},
	UnknownKey: {Error,
		"unknown key %[1]q", "未知的键 %[1]q",
		"", ""},

	MissingKey: {Error,
		"the key %[1]q is missing", "缺少键 %[1]q",
		"", ""},
	WantMapping: {Error,
		"keys with values must stand here", "此处应为“键: 值”",
		"", ""},
	WantList: {Error,
		"a list must stand here", "此处应为列表",
		"begin each item with a dash", "每一项以“- ”开头"},
	WantText: {Error,
		"one value must stand here", "此处应为单个值",
		"quote it if it begins with ! or another sign of YAML", "以 ! 等 YAML 符号开头时请加引号"},
	WantWord: {Error,
		"%[1]q can only be %[2]q", "%[1]q 只能是 %[2]q",
		"", ""},
	WantYear: {Error,
		"%[1]q is not a year", "%[1]q 不是年份",
		"write four digits", "请写四位数字"},
	UnknownWord: {Error,
		"%[1]q is none of: %[2]s", "%[1]q 不在可用值之列：%[2]s",
		"", ""},
	UnknownTag: {Error,
		"%[1]q is read as a tag of YAML", "%[1]q 被读作 YAML 标签",
		"quote a value that begins with !", "以 ! 开头的值请加引号"},
	BadFileName: {Error,
		"%[1]q is not the name of a file in this folder", "%[1]q 不是本文件夹中的文件名",
		"", ""},
	BadDecimals: {Error,
		"the number of decimals must be between 0 and 18", "小数位数应在 0 到 18 之间",
		"", ""},

	BadName: {Error,
		"%[1]q cannot be a name", "%[1]q 不能用作名称",
		"use letters, digits and underscores, a letter first", "请用字母、数字和下划线，且以字母开头"},
	DuplicateName: {Error,
		"%[1]q names two fields of one group", "同一组中有两个字段都叫 %[1]q",
		"names, labels and aliases of one group must all differ", "同组字段的名称、标签、别名须互不相同"},
	ReservedName: {Error,
		"%[1]q has a meaning of its own and cannot be a name here", "%[1]q 另有含义，不能在此用作名称",
		"", ""},
	UnknownType: {Error,
		"unknown type %[1]q", "未知的类型 %[1]q",
		"", ""},
	UnknownUnit: {Error,
		"%[1]q is not a unit of money", "%[1]q 不是货币单位",
		"use one of: %[2]s", "可用：%[2]s"},
	NoFields: {Error,
		"%[1]q has no fields", "%[1]q 没有字段",
		"", ""},
	LeafWithFields: {Error,
		"%[1]q is of type %[2]s and cannot have fields", "%[1]q 的类型是 %[2]s，不能再有字段",
		"", ""},
	UseAndFields: {Error,
		"a field has either fields of its own or a type to use", "字段只能自列 fields 或引用 use，不能兼有",
		"", ""},
	KeyOutsideList: {Error,
		"only a list has a key", "只有列表才有 key",
		"", ""},
	WantTextField: {Error,
		"%[1]q is not a text field", "%[1]q 不是文本字段",
		"", ""},
	Cycle: {Error,
		"defined by itself: %[1]s", "循环定义：%[1]s",
		"", ""},
	NoSchema: {Error,
		"the schema %[1]q is not in this folder", "本文件夹中没有模式文件 %[1]q",
		"", ""},

	UnknownField: {Error,
		"unknown field %[1]q", "未知的字段 %[1]q",
		"", ""},
	DatasetTwice: {Warning,
		"%[1]s %[2]s is here twice; rules across datasets take neither", "%[1]s %[2]s有两份数据，跨数据的规则两份都不取",
		"leave one out, or tell them apart by their kind; tables that hold parts of one dataset are put together with --join", "请去掉一份，或用 kind 区分；分在几张表中的一份数据，用 --join 合并"},
	FieldTwice: {Error,
		"%[1]q names a field that is already given", "%[1]q 所指的字段已经给出",
		"give further statements of one figure as a list", "同一数字的多处表述请写成列表"},
	WantGroup: {Error,
		"%[1]q is a group: its fields must stand here", "%[1]q 是一组字段，此处应列出各字段",
		"", ""},
	WantRows: {Error,
		"%[1]q is a list: its rows must stand here", "%[1]q 是列表，此处应逐行列出",
		"begin each row with a dash", "每一行以“- ”开头"},
	WantFigure: {Error,
		"one figure of %[1]q must stand here", "此处应为 %[1]q 的一个数字",
		"", ""},
	NotAGroup: {Error,
		"%[1]q is one value and has no field %[2]q", "%[1]q 是单个值，没有字段 %[2]q",
		"the long form of a value has the keys text, unit and at", "值的完整写法只有 text、unit、at 三个键"},
	NotANumber: {Error,
		"%[1]q is not a number", "%[1]q 不是数字",
		"write the figure as printed, or leave it blank", "请照原文写数字，或留空"},
	BadSeparators: {Error,
		"the commas in %[1]q do not stand before every three digits", "%[1]q 中的千位分隔符位置不对",
		"a figure inside [] or {} that holds commas must be quoted", "写在 [] 或 {} 中的带逗号数字请加引号"},
	NumberTooLong: {Error,
		"%[1]q has more than 64 digits", "%[1]q 超过 64 位",
		"", ""},
	TwoSigns: {Error,
		"%[1]q has a direction word and a minus sign", "%[1]q 既有增减词又有负号",
		"", ""},
	PercentInField: {Error,
		"%[1]q is a percentage, but %[2]q is of type %[3]s", "%[1]q 是百分数，而 %[2]q 的类型是 %[3]s",
		"", ""},
	UnitInField: {Error,
		"the unit %[1]q does not fit %[2]q, which is in %[3]s", "单位 %[1]q 与 %[2]q 的单位 %[3]s 不能换算",
		"", ""},
	BadPlace: {Error,
		"%[1]q is not a place", "%[1]q 不是有效位置",
		"write @LINE or @LINE:COLUMN, @PAGE/LINE or @SHEET!CELL", "请写成 @行 或 @行:列、@页/行、@表名!单元格"},
	TableNoColumn: {Error,
		"the first row names no column %[1]q", "首行没有名为 %[1]q 的列",
		"the first row names the columns: entity, period and the fields, or entity, period, field and value",
		"首行应为各列名称：entity（单位）、period（期间）和各字段，或 单位、期间、字段、数值"},
	TableNoRows: {Warning,
		"there are no rows below the names of the columns", "列名之下没有数据行",
		"", ""},
	TableWidth: {Error,
		"the row has %[1]d values, and there are %[2]d columns", "该行有 %[1]d 个值，而列数是 %[2]d",
		"quote a value that holds the sign between columns, as in \"1,141.36\"", "含有分隔符的值请加引号，如 \"1,141.36\""},
	TableQuote: {Error,
		"a quote is not closed", "引号没有配对",
		"write a quote within quotes twice", "引号内的引号请写两遍"},
	UnknownColumn: {Error,
		"the column %[1]q names no field", "列名 %[1]q 不是字段",
		"a column whose name begins with # is not read", "名称以 # 开头的列不读取"},
	ColumnTwice: {Error,
		"%[1]q names a field that has a column already", "%[1]q 所指的字段已有一列",
		"write statements of one figure into one cell, with | between them", "同一数字的多处列示请写在一格中，以 | 分隔"},
	JoinTwice: {Error,
		"%[1]s %[2]s has a row in this table already", "%[1]s %[2]s在本表中已有一行",
		"tables that are joined have one row for a unit and period: put the two together, or leave one out", "合并的各表中，一个单位一个期间只有一行：请并成一行，或去掉一行"},
	JoinDiffers: {Error,
		"%[1]s is %[2]q here, and another table says otherwise", "此处的 %[1]s 是 %[2]q，与另一张表不同",
		"write the same in all tables, or in one alone", "请在各表中写成一样，或只在一张表中写"},
	JoinUnclear: {Error,
		"the row of %[1]s %[2]s says no %[3]s, and others say different ones", "%[1]s %[2]s的这一行没有写 %[3]s，而其他各行写的不同",
		"write it, so that it is clear which of them the row belongs to", "请写明，才知道该行属于其中哪一份数据"},
	WantFieldName: {Error,
		"%[1]q is a group: name one of its fields", "%[1]q 是一组字段，请写出其中的字段",
		"as in %[2]s", "如 %[2]s"},
	WantRowName: {Error,
		"%[1]q is a list: name the row and the field", "%[1]q 是列表，请写出行名和字段",
		"as in %[2]s", "如 %[2]s"},
	ColumnType: {Error,
		"the column %[1]q is of type %[2]s, which is not read", "列 %[1]q 的类型是 %[2]s，不能读取",
		"write texts, DECIMAL or integers, one a row: binary floating point does not hold amounts of money exactly",
		"请改用文本、DECIMAL 或整数，每行一个值：二进制浮点数不能准确表示金额"},
	WantPlace: {Error,
		"%[1]q is no heading with its place", "%[1]q 不是带位置的标题",
		"write a space and @LINE or @SHEET!CELL behind the heading", "请在标题之后空一格，写上 @行 或 @表名!单元格"},
	WantBool: {Error,
		"%[1]q is neither true nor false", "%[1]q 不是是非值",
		"write true or false", "请写 是 或 否"},
	WantDate: {Error,
		"%[1]q is not a date", "%[1]q 不是日期",
		"write 2023, 2023-12 or 2023-12-31", "请写 2023、2023-12、2023-12-31，或用年月日"},

	EntitiesColumn: {Error,
		"%[1]q is no column of a list of entities", "单位名单没有名为 %[1]q 的列",
		"the columns are entity, parent, region and aliases; one whose name begins with # is not read",
		"可用的列：单位、上级、地区、别名；名称以 # 开头的列不读取"},
	EntitiesColumnTwice: {Error,
		"%[1]q says what another column says", "%[1]q 与另一列重复",
		"", ""},
	EntitiesNoColumn: {Error,
		"the first row names no column entity", "首行没有“单位”列",
		"the first row names the columns: entity, and parent, region, aliases as needed", "首行应为各列名称：单位，以及上级、地区、别名"},
	EntitiesNoName: {Error,
		"the row names no entity", "该行没有写单位",
		"", ""},
	EntityTwice: {Error,
		"%[1]q is listed twice", "%[1]q 在名单中出现两次",
		"leave one out; other names of one entity stand under aliases", "请去掉一处；同一单位的其他名称写在别名中"},
	EntityCycle: {Error,
		"%[1]q is above itself: %[2]s", "%[1]q 成了自己的上级：%[2]s",
		"correct the parent of one of them", "请改正其中一家的上级"},
	EntityUnlisted: {Warning,
		"%[1]q, which is above %[2]q, is not listed", "名单中没有 %[2]q 的上级 %[1]q",
		"list it too, or correct its name", "请补入名单，或改正名称"},
	EntityParent: {Warning,
		"%[1]q names %[2]q as its parent, but the list of entities has %[3]q, which counts", "%[1]q 写的上级是 %[2]q，单位名单中是 %[3]q，以名单为准",
		"correct one of them", "请改正其中一处"},

	WantAccepted: {Error,
		"only a list under the key accepted can stand here", "此处只能是键 accepted 下的列表",
		"write accepted: and below it, each behind a dash, what is accepted: rule, instance, reason",
		"请写 accepted:，其下每一项以“- ”开头，写 rule、instance、reason"},
	WantDay: {Error,
		"%[1]q is not a day", "%[1]q 不是日期",
		"write it as 2026-12-31", "请写成 2026-12-31"},
	AcceptedChanged: {Warning,
		"the acceptance of %[1]s has ended: %[2]s was %[3]s and is %[4]s now",
		"对 %[1]s 的接受已失效：%[2]s 当时为 %[3]s，现为 %[4]s",
		"look at it again: gouji accept renews the acceptance, gouji accept --remove takes it away",
		"请重新核对：gouji accept 更新这条接受，gouji accept --remove 删去"},
	AcceptedExpired: {Warning,
		"the acceptance of %[1]s has ended: it held until %[2]s", "对 %[1]s 的接受已失效：期限为 %[2]s",
		"look at it again: gouji accept --until renews the acceptance, gouji accept --remove takes it away",
		"请重新核对：gouji accept --until 更新这条接受，gouji accept --remove 删去"},
	AcceptedUnneeded: {Warning,
		"%[1]s is accepted, but nothing is found there any more", "%[1]s 已不再有发现，这条接受没有必要",
		"gouji accept --remove takes the acceptance away", "gouji accept --remove 可删去这条接受"},
	AcceptedNoRule: {Warning,
		"there is no rule %[1]q to be accepted", "要接受的规则 %[1]q 不存在",
		"", ""},
	AcceptedTwice: {Warning,
		"%[1]s is accepted twice", "对 %[1]s 重复接受",
		"leave one of them", "请只留一条"},
	AcceptedOpen: {Warning,
		"%[1]s is accepted without its values: it stays so whatever becomes of the figures",
		"对 %[1]s 的接受没有写明数字：数字怎样变动它都有效",
		"gouji accept --fill writes the values of today", "gouji accept --fill 可填入现有的数字"},
	WantBaseline: {Error,
		"this is no baseline of the format gouji.baseline/1", "这不是 gouji.baseline/1 格式的基线",
		"gouji baseline -o FILE writes one", "请用 gouji baseline -o FILE 生成"},

	WantReport: {Error,
		"this is no report of the format gouji.report/1", "这不是 gouji.report/1 格式的报告",
		"gouji check -f json -o FILE writes one", "请用 gouji check -f json -o FILE 生成"},

	BadID: {Error,
		"%[1]q cannot be an id", "%[1]q 不能用作 id",
		"use lower-case words joined by hyphens", "请用小写单词，以连字符相连"},
	DuplicateRule: {Error,
		"the rule %[1]q is defined twice", "规则 %[1]q 重复定义",
		"", ""},
	UnknownRule: {Error,
		"there is no rule %[1]q", "没有规则 %[1]q",
		"", ""},
	UnknownPack: {Error,
		"there is no pack %[1]q", "没有规则包 %[1]q",
		"", ""},
	UnknownTopic: {Error,
		"there is no file %[1]s in this folder", "文件夹里没有 %[1]s",
		"topics lists the files of rules without .yaml", "topics 列出规则文件的名称，不带 .yaml"},
	KeysTogether: {Error,
		"%[1]s cannot stand beside %[2]s", "%[1]s 不能与 %[2]s 同时使用",
		"a rule has one of check, outlier and unique; peers goes with the last two, tolerance, near and rounding with check",
		"一条规则只用 check、outlier、unique 之一；peers 用于后两者，tolerance、near、rounding 用于 check"},
	WantCount: {Error,
		"%[1]q is not a whole number of %[2]d or more", "%[1]q 不是不小于 %[2]d 的整数",
		"", ""},
	WantLimit: {Error,
		"%[1]q is not a number above zero", "%[1]q 不是大于零的数",
		`write a number such as "3.5"`, `请写数字，如 "3.5"`},
	PeersPartner: {Error,
		"%[1]s compares datasets of the same period, and %[2]s is another one", "%[1]s 比较同一期间的数据，%[2]s 是另一份数据",
		"name fields of the dataset itself", "请只用本数据的字段"},
	PeersWithoutKey: {Error,
		"the rows of this list have no key, by which those of other units could be found", "这个清单的行没有 key，无法与其他单位的行对应",
		"give the list a key in the schema", "请在模式中给清单设 key"},
	UnknownPlaceholder: {Error,
		"unknown placeholder {%[1]s}", "未知的占位符 {%[1]s}",
		"use %[2]s or the path of a field", "可用 %[2]s 或字段路径"},
	BadPlaceholder: {Error,
		"a { without }", "{ 没有配对的 }",
		"write {{ for a brace", "花括号本身请写成 {{"},
	BadBrace: {Error,
		"a brace without its other one", "花括号没有配对",
		"", ""},
	EmptyPattern: {Error,
		"a pattern or a slot that says nothing", "模式或空格处没有内容",
		"words under `ignore` do not count", "ignore 所列的词不算内容"},
	UnknownKind: {Error,
		"unknown kind of slot %[1]q", "未知的空格类别 %[1]q",
		"use one of: %[2]s", "可用：%[2]s"},
	UnknownSlot: {Error,
		"a slot cannot take %[1]q here", "空格不能填入 %[1]q",
		"name a text of the row, a part of a fact, or a field", "请写行内的文字字段、事实的组成部分或字段路径"},
	NoSubject: {Error,
		"%[1]q has no label to be found by", "%[1]q 没有可供查找的标签",
		"say what it is called in reports", "请写明报告中的叫法"},
	NoChildren: {Error,
		"nothing says which figures the fields of %[1]q are", "没有说明 %[1]q 的各字段分别是哪些数",
		"list them under `types`", "请在 types 下列出"},
	BadAmount: {Error,
		"%[1]q is not an amount", "%[1]q 不是有效的数额",
		`write a number such as "0.01", or for rel a share such as "0.1%%"`, `请写数字，如 "0.01"；rel 写比例，如 "0.1%%"`},
	WantExpression: {Error,
		"an expression must stand here", "此处应为表达式",
		"", ""},
	ExpressionTag: {Error,
		"%[1]q is read as a tag of YAML, not as part of the expression", "%[1]q 被读作 YAML 标签，没有进入表达式",
		"quote the expression, or write not instead of !", "请给表达式加引号，或用 not 代替 !"},
	ExpressionCut: {Error,
		`YAML cuts the expression here: " #" begins a comment`, "表达式在此处被截断：“ #”在 YAML 中是注释",
		"quote the expression or write it as a block with >-", "请给表达式加引号，或用 >- 写成文本块"},
	ExpressionTooLong: {Error,
		"the expression is longer than %[1]d characters", "表达式超过 %[1]d 个字符",
		"", ""},

	Syntax: {Error,
		"%[1]s", "表达式有误：%[1]s",
		"", ""},
	TypeMismatch: {Error,
		"%[1]s", "类型不符：%[1]s",
		"", ""},
	UnknownFunction: {Error,
		"unknown function %[1]q", "未知的函数 %[1]q",
		"", ""},
	UnsupportedExpression: {Error,
		"this is not supported in rules", "规则不支持这种写法",
		"", ""},
	UnsupportedOperator: {Error,
		"the operator %[1]q is not supported in rules", "规则不支持运算符 %[1]q",
		"", ""},
	UnsupportedName: {Error,
		"%[1]q is not supported in rules", "规则不支持 %[1]q",
		"", ""},
	NameTaken: {Error,
		"%[1]q is already a field, a function or another name", "%[1]q 已是字段、函数或其他名称",
		"choose another name: nothing is hidden by a new one", "请换一个名称：新名称不会遮盖旧名称"},
	TooDeep: {Error,
		"too many lists are walked within one another", "嵌套遍历的列表过多",
		"", ""},
	BadEach: {Error,
		"each must be written as: name in list", "each 应写成：名称 in 列表",
		"", ""},
	EachOverList: {Error,
		"each walks a list, and this is none", "each 只能遍历列表，此处不是列表",
		"", ""},
	EachOverGroups: {Error,
		"only groups of one named type can be walked together", "只能一起遍历引用同一 use 类型的组",
		"", ""},
	TypeAsField: {Error,
		"%[1]q is a type of the schema and no field", "%[1]q 是模式中的类型，不是字段",
		"only each takes a type, to walk all its groups: name in %[1]s", "类型只能用在 each 中，遍历它的各组：名称 in %[1]s"},
	TypeWithoutGroups: {Error,
		"no group outside lists is made of the type %[1]q", "列表之外没有引用类型 %[1]q 的组",
		"", ""},
	AmbiguousType: {Error,
		"%[1]q is a type with groups to walk, and a field or loop variable as well", "%[1]q 既是有组可遍历的类型，又是字段或循环变量",
		"give one of them another name", "请给其中之一换一个名称"},
	WantNumber: {Error,
		"a number must stand here", "此处应为数字",
		"", ""},
	WantCondition: {Error,
		"a condition must stand here", "此处应为条件",
		"", ""},
	WantTextExpression: {Error,
		"a text must stand here", "此处应为文本",
		"", ""},
	WantDateExpression: {Error,
		"a date must stand here", "此处应为日期",
		"", ""},
	WantListExpression: {Error,
		"a list must stand here", "此处应为列表",
		"", ""},
	WantField: {Error,
		"%[1]s takes a field", "%[1]s 只能用于字段",
		"", ""},
	WantPattern: {Error,
		"the pattern of matches must be written out", "matches 的模式必须直接写出",
		"", ""},
	BadPattern: {Error,
		"not a valid pattern: %[1]s", "模式有误：%[1]s",
		"", ""},
	BadLiteral: {Error,
		"%[1]q is not a decimal number", "%[1]q 不是十进制数",
		"", ""},
	BadDate: {Error,
		`date takes a date in quotes, such as "2023-12"`, `date 的参数是带引号的日期，如 "2023-12"`,
		"", ""},
	UnorderedKind: {Error,
		"these can only be compared with == and !=", "这两者只能用 == 和 != 比较",
		"", ""},
	CoalesceField: {Error,
		"only a field can be missing: ?? takes one on its left", "只有字段才会缺失：?? 左边须是字段",
		"", ""},
	VaryingUnits: {Error,
		"the rows may be in different units, and nothing says to which one to bring them", "各行的单位可能不同，而此处没有可以统一到的单位",
		"compare them with a figure that has a unit, or take value(…) of each row", "请与有单位的数字一起计算或比较，或对各行取 value(…)"},
	UnitMismatch: {Error,
		"%[1]s and %[2]s do not convert into one another", "%[1]s 与 %[2]s 不能换算",
		"", ""},
	NotSame: {Error,
		"same(…) cannot be negated", "same(…) 不能取反",
		"", ""},
	NotRatio: {Error,
		"true values can only be found where one figure stands against one quotient of sums", "只有“一个数字对一个和式之商”的除法才能按真实值判断",
		"write it as figure == sum / sum, or set tolerance: exact, {abs: …} or {rel: …}", "请写成 数字 == 和 / 和，或设 tolerance: exact、{abs: …}、{rel: …}"},
	NotMultilinear: {Error,
		"a figure is multiplied by itself", "一个数字与自身相乘",
		"set tolerance: exact, {abs: …} or {rel: …}", "请设 tolerance: exact、{abs: …} 或 {rel: …}"},
	NotMonotone: {Error,
		"true values cannot be found through this: it does not grow or fall with each figure", "此处无法按真实值判断：结果并不随每个数字单调变化",
		"set tolerance: exact, {abs: …} or {rel: …}; abs(u) <= e and figure == round(e, k) are fine", "请设 tolerance: exact、{abs: …} 或 {rel: …}；abs(u) <= e 与 数字 == round(e, k) 可用"},
	TooManyProducts: {Error,
		"more than 12 figures are multiplied with one another", "相乘的数字超过 12 个",
		"split the rule, or set tolerance: exact, {abs: …} or {rel: …}", "请拆分规则，或设 tolerance: exact、{abs: …}、{rel: …}"},
	TooManyBranches: {Error,
		"more than 6 conditionals in one comparison", "一个比较中的条件分支超过 6 个",
		"split the rule", "请拆分规则"},

	UnknownFormat: {Error,
		"files ending in %[1]q cannot be read", "无法读取扩展名为 %[1]q 的文件",
		"data files end in: %[2]s", "数据文件的扩展名有：%[2]s"},
	JSONSyntax: {Error,
		"not valid JSON: %[1]s", "不是有效的 JSON：%[1]s",
		"", ""},

	DocumentUnknown: {Error,
		"this is no document that can be read", "无法识别的文档格式",
		"readable are %[1]s", "可读取 %[1]s"},
	DocumentDamaged: {Error,
		"the file is damaged: %[1]s", "文件已损坏：%[1]s",
		"open it in the program that it was made with and save it anew", "请用原软件打开后重新保存"},
	DocumentOmitted: {Warning,
		"%[1]s could not be read and was left out: %[2]s", "%[1]s 无法读取，未予检查：%[2]s",
		"", ""},
	DocumentLocked: {Error,
		"the file is protected by a password", "文件设有密码",
		"save it without the password", "请另存为不带密码的文件"},
	DocumentLimit: {Error,
		"the document goes beyond the limit of %[1]s", "文档超出限制：%[1]s",
		"split it, or check that it is what it should be", "请拆分文档，或检查它是否正确"},
	DocumentUnsafe: {Error,
		"the file holds what no report needs and is not read: %[1]s", "文件含有不安全的内容，不予读取：%[1]s",
		"save it anew from the program that it was made with", "请用原软件重新保存"},
	DocumentEmpty: {Error,
		"the document holds no text", "文档没有文字",
		"", ""},
	DocumentNoText: {Warning,
		"page %[1]s has no text layer, probably a scan; nothing on it was checked", "第 %[1]s 页没有文字层（可能是扫描件），其内容未予检查",
		"publish the report from its source file, or run a text recognition over it first", "请从原文件导出，或先做文字识别"},
	DocumentConverter: {Error,
		"reading %[1]s files needs LibreOffice (soffice), which is not installed", "读取 %[1]s 文件需要 LibreOffice（soffice），本机没有安装",
		"install the package libreoffice, or save the file as .docx or .xlsx", "请安装 libreoffice，或将文件另存为 .docx、.xlsx"},
	DocumentConverted: {Error,
		"the conversion by LibreOffice failed: %[1]s", "LibreOffice 未能转换该文件：%[1]s",
		"open it and save it as .docx or .xlsx", "请打开后另存为 .docx 或 .xlsx"},
	DocumentHidden: {Warning,
		"the sheet %[1]q is hidden, or rows or columns of it are; what they hold was not checked", "工作表 %[1]q 被隐藏，或有隐藏的行、列，其内容未予检查",
		"", ""},
	DocumentUncomputed: {Warning,
		"%[1]s formulas of the sheet %[2]q have no saved result; they were read as blank", "工作表 %[2]q 有 %[1]s 个公式没有保存计算结果，按空白读取",
		"open the file in a spreadsheet program and save it anew", "请用表格软件打开后重新保存"},

	FilePointer: {Error,
		"this is a Git LFS pointer, not the file that it stands for", "这是 Git LFS 的指针，不是文件本身",
		"git lfs pull fetches the file; in CI, check out with LFS", "请运行 git lfs pull 取得文件；在 CI 中须连同 LFS 检出"},
	ResultFile: {Warning,
		"the file holds results of gouji and no data: it is left out", "文件是 gouji 的检查结果，不是数据，没有读取",
		"keep results outside the folder of data", "请把结果放在数据文件夹之外"},
	DocumentNoPeriod: {Error,
		"it is not clear which year the document reports on", "看不出文档是哪一年度的",
		"say it with --period, as in --period 2023", "请用 --period 指明，如 --period 2023"},

	ListWithoutKey: {Warning,
		"the list %[1]q has no key: its rows are named by their numbers", "列表 %[1]q 没有 key，各行只能以序号称呼",
		"set key to a text field that tells the rows apart", "请把 key 设为能区分各行的文本字段"},
	NoLabel: {Warning,
		"the field %[1]q has no label", "字段 %[1]q 没有标签",
		"give it the name that the published documents use", "请写上公开文本所用的名称"},
	UnusedLet: {Warning,
		"nothing uses %[1]q", "没有用到 %[1]q",
		"", ""},
	NeverFails: {Warning,
		"no test shows %[1]q failing", "没有测试用例使 %[1]q 不符",
		"add a case that wants it to fail", "请补一个应判为 fail 的用例"},
	NeverPasses: {Warning,
		"no test shows %[1]q passing", "没有测试用例使 %[1]q 通过",
		"add a case that wants it to pass", "请补一个应判为 pass 的用例"},

	FirstDefined: {Error,
		"first defined here", "首次定义于此",
		"", ""},
	DatasetFirst: {Error,
		"another one is here", "另一份在此",
		"", ""},
	EntityListed: {Error,
		"listed here", "名单中在此",
		"", ""},
	JoinSays: {Error,
		"%[1]s is %[2]q here", "此处的 %[1]s 是 %[2]q",
		"", ""},
}

// Codes returns every code of the table in order.
func Codes() []Code {
	codes := make([]Code, 0, len(messages))
	for code := range messages {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}
