package jsonschema

import (
	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/words"
)

// What the kinds are about.
var (
	docDataset = words.Text{ZH: "数据文件，字段来自规则包", EN: "datasets, with the fields of a pack"}
	docTest    = words.Text{ZH: "规则测试，名称以 _test.yaml 结尾的文件", EN: "rule tests, the files that end in _test.yaml"}
	docRules   = words.Text{ZH: "规则包中的规则文件", EN: "files of rules"}
	docSchema  = words.Text{ZH: "规则包的 schema.yaml：字段", EN: "schema.yaml of a pack: its fields"}
	docSelect  = words.Text{ZH: "规则包的 select.yaml：字段在文档中的位置", EN: "select.yaml of a pack: where documents state its fields"}
	docGrammar = words.Text{ZH: "规则包的 words.yaml：读文档用的词", EN: "words.yaml of a pack: words by which documents are read"}
	docPack    = words.Text{ZH: "规则包的 pack.yaml", EN: "pack.yaml of a pack"}
)

// What editors say of a wrong value.
var (
	errorText      = words.Text{ZH: "这里要写文字，不能空着", EN: "a text is wanted here"}
	errorFigure    = words.Text{ZH: "不是数字：照报告原样写，如 1,141.36、减少21.86、—；出处写在空格和 @ 之后，如 100.00 @62:40", EN: "not a figure: write it as printed, as in 1,141.36, 减少21.86 or —; a place behind a space and @, as in 100.00 @62:40"}
	errorPercent   = words.Text{ZH: "不是百分比：照报告原样写，如 56.83%、下降1.5%；出处写在空格和 @ 之后，如 56.83% @62:40", EN: "not a percentage: write it as printed, as in 56.83% or 下降1.5%; a place behind a space and @, as in 56.83% @62:40"}
	errorUnit      = words.Text{ZH: "不是以%s计的数字：照报告原样写，如 1,141.36、减少21.86、—；出处写在空格和 @ 之后，如 100.00 @62:40", EN: "not a figure in %s: write it as printed, as in 1,141.36, 减少21.86 or —; a place behind a space and @, as in 100.00 @62:40"}
	errorDate      = words.Text{ZH: "不是日期：写年份、年月或年月日，如 2024年8月", EN: "not a date: write a year, a month or a day, as in 2024年8月"}
	errorBool      = words.Text{ZH: "这里写“是”或“否”", EN: "write 是 or 否 here"}
	errorDay       = words.Text{ZH: "写成 2026-12-31", EN: "write it as 2026-12-31"}
	errorPlace     = words.Text{ZH: "不是位置：写行、行:列、页/行:列或 表名!单元格，如 39:67、7/212:31、收入表!C9", EN: "not a place: write a line, line:column, page/line:column or sheet!cell, as in 39:67, 7/212:31 or 收入表!C9"}
	errorHeading   = words.Text{ZH: "标题之后要写位置，如 三、支出决算情况说明 @61:1", EN: "a heading is written with its place, as in 三、支出决算情况说明 @61:1"}
	errorID        = words.Text{ZH: "名称由小写字母、数字和连字符组成，如 parts-sum", EN: "an id is lower-case words joined by hyphens, as in parts-sum"}
	errorName      = words.Text{ZH: "字段名由拉丁字母、数字和下划线组成", EN: "names of fields consist of Latin letters, digits and _"}
	errorOff       = words.Text{ZH: "写 off，或 {severity: …}", EN: "write off or {severity: …}"}
	errorEach      = words.Text{ZH: "写作 x in 列表，如 p in projects", EN: "write x in list, as in p in projects"}
	errorMeasure   = words.Text{ZH: "没有这种数字，可用：%s", EN: "no such measure; known: %s"}
	errorTolerance = words.Text{ZH: "写 rounding、exact、{abs: …}、{rel: …} 或 {cap: …}", EN: "write rounding, exact, {abs: …}, {rel: …} or {cap: …}"}
)

// What editors show of a field.
var (
	typeTexts = map[dataset.Type]words.Text{
		dataset.Amount:  {ZH: "金额或数量", EN: "an amount"},
		dataset.Percent: {ZH: "百分比", EN: "a percentage"},
		dataset.Score:   {ZH: "得分", EN: "points"},
		dataset.Count:   {ZH: "个数", EN: "a count"},
		dataset.Text:    {ZH: "文字", EN: "a text"},
		dataset.Date:    {ZH: "日期", EN: "a date"},
		dataset.Bool:    {ZH: "是或否", EN: "是 or 否"},
		dataset.List:    {ZH: "列表", EN: "a list"},
		dataset.Group:   {ZH: "一组字段", EN: "a group of fields"},
	}
	textUnit      = words.Text{ZH: "，单位%s", EN: " in %s"}
	textUnitFrom  = words.Text{ZH: "，单位见“%s”", EN: " in the unit that %s tells"}
	textKey       = words.Text{ZH: "，每行以“%s”为名", EN: " whose rows are named by %s"}
	textBlankZero = words.Text{ZH: "，空白作零", EN: "; blank is zero"}
	textPath      = words.Text{ZH: "。规则中写作 %s", EN: ". Rules call it %s"}
	textAliases   = words.Text{ZH: "，又称%s", EN: ", reports %s as well"}
	textComma     = words.Text{ZH: "、", EN: ", "}

	docLongText = words.Text{ZH: "照报告原样写的文字", EN: "the text as printed"}
	docLongUnit = words.Text{ZH: "该数字自己的单位", EN: "the unit of this figure"}
	docLongAt   = words.Text{ZH: "在报告中的位置，如 39:67", EN: "where it stands in the report, as in 39:67"}
)

// The header of datasets.
var (
	docEntity         = words.Text{ZH: "单位或部门的全称", EN: "full name of the unit or department"}
	docPeriod         = words.Text{ZH: "年度，以四位数字开头：2023、2023年度", EN: "the year, four digits first: 2023, 2023年度"}
	docKind           = words.Text{ZH: "公开了什么：单位决算、部门决算、部门预算", EN: "what was published: 单位决算, 部门决算, 部门预算"}
	docParent         = words.Text{ZH: "上级：本单位汇入哪个部门或单位的决算", EN: "the department or unit whose accounts take in these"}
	docPackName       = words.Text{ZH: "按哪个规则包检查，默认 juesuan", EN: "the pack that judges the dataset, juesuan by default"}
	docUnit           = words.Text{ZH: "报告中金额的单位，默认是各字段自己的", EN: "unit in which the amounts are printed; the field's own by default"}
	docDecimals       = words.Text{ZH: "各单位金额的小数位数，默认由数字得出", EN: "decimals of the amounts of each unit; found from the figures by default"}
	docRounding       = words.Text{ZH: "公布者如何取舍：half-up 四舍五入（默认），nearest 逢半两可，truncate 截断", EN: "how the publisher rounded: half-up (default), nearest (either way at the half), truncate"}
	docSource         = words.Text{ZH: "所抄报告的标题，各位置都在其中", EN: "title of the published document in which the places are"}
	docSections       = words.Text{ZH: "报告的各级标题及其位置", EN: "the headings of that document, with their places"}
	docUnbound        = words.Text{ZH: "没有对应字段的数字，只保留、计数，不检查", EN: "figures of that document that no field takes: kept, counted and never judged"}
	docUnboundLabel   = words.Text{ZH: "是什么的数字", EN: "what the figure is of"}
	docUnboundMeasure = words.Text{ZH: "哪一种数字", EN: "what it measures"}
	docUnboundText    = words.Text{ZH: "所印的数字", EN: "the figure as printed"}
	docUnboundSection = words.Text{ZH: "所在的标题", EN: "the heading above it"}
	docAccepted       = words.Text{ZH: "已接受的发现：列出而不计入；gouji accept 可写入", EN: "findings that may stand and do not count; gouji accept writes them"}

	docAcceptedRule     = words.Text{ZH: "规则", EN: "the rule"}
	docAcceptedInstance = words.Text{ZH: "哪一项，行以其名称称呼，如 projects[科技培训经费]", EN: "which instance, rows by their keys, as in projects[科技培训经费]"}
	docAcceptedEntity   = words.Text{ZH: "只对这个单位、这个年度有效，默认为本文件的", EN: "only of this unit and year; that of the file by default"}
	docAcceptedReason   = words.Text{ZH: "为什么可以接受", EN: "why it may stand"}
	docAcceptedBy       = words.Text{ZH: "由谁接受", EN: "who accepted it"}
	docAcceptedUntil    = words.Text{ZH: "有效期的最后一天，如 2026-12-31", EN: "the last day on which that holds, as in 2026-12-31"}
	docAcceptedState    = words.Text{ZH: "接受时查得的结果，由 gouji 填写；有变动时接受即失效", EN: "what was found when it was accepted, written by gouji; the acceptance ends when it changes"}
)

// Packs.
var (
	docPackID      = words.Text{ZH: "名称，小写字母、数字和连字符", EN: "the id: lower-case words joined by hyphens"}
	docPackTitle   = words.Text{ZH: "标题", EN: "the title"}
	docPackVersion = words.Text{ZH: "版本", EN: "the version"}
	docPackRegion  = words.Text{ZH: "适用地区", EN: "the region it is for"}
	docPackYears   = words.Text{ZH: "适用年度", EN: "the years it is for"}
	docPackSchema  = words.Text{ZH: "本文件夹中字段文件的名称，默认 schema.yaml", EN: "the file of the schema in this folder, schema.yaml by default"}
	docPackExtends = words.Text{ZH: "沿用哪个规则包的规则和字段", EN: "the pack whose rules and schema are taken over"}
	docPackTopics  = words.Text{ZH: "规则文件（不带 .yaml）的先后", EN: "the files of rules, without .yaml, in their order"}
	docPackRules   = words.Text{ZH: "关闭哪些沿用的或内置的规则，或改变其级别", EN: "inherited or built-in rules to switch off or to weigh otherwise"}
	docRestated    = words.Text{ZH: "同一字段的全部表述一致（内置）", EN: "all statements of one figure agree (built in)"}
)

// Schemas of packs.
var (
	docUnits       = words.Text{ZH: "各单位最细的小数位数，如 {万元: 2}", EN: "finest decimals of a unit, as in {万元: 2}"}
	docTypes       = words.Text{ZH: "可用在多个名称下的字段组", EN: "groups of fields to be used under several names"}
	docFields      = words.Text{ZH: "字段，键是字段名", EN: "the fields by their names"}
	docType        = words.Text{ZH: "类型；有 fields 或 use 时默认 group", EN: "the type; group where there are fields or use"}
	docLabel       = words.Text{ZH: "报告中的名称", EN: "the field's name in reports"}
	docAliases     = words.Text{ZH: "其他名称", EN: "further names"}
	docFieldUnit   = words.Text{ZH: "单位；或 {from: 字段}，由旁边的文字字段指明。金额默认万元，得分默认分", EN: "the unit, or {from: NAME}: the text field beside it holds it. 万元 of an amount, 分 of a score by default"}
	docUnitFrom    = words.Text{ZH: "旁边指明单位的文字字段", EN: "the text field beside it that holds the unit"}
	docBlank       = words.Text{ZH: "zero：空白作零", EN: "zero: a blank cell is read as 0"}
	docOwnDecimals = words.Text{ZH: "own：只按数字自己的小数位数", EN: "own: the figure has the decimals that it shows"}
	docKey         = words.Text{ZH: "为列表各行命名的文字字段", EN: "the text field that names the rows of a list"}
	docUse         = words.Text{ZH: "types 中的名称：字段与之相同", EN: "a name under types: the same fields"}
)

// Rules.
var (
	docRuleID           = words.Text{ZH: "规则名称，小写字母、数字和连字符，不可重复", EN: "the rule's id: lower-case words joined by hyphens, unique in the pack"}
	docTitle            = words.Text{ZH: "一句话说明须成立什么", EN: "one line: what must hold"}
	docSeverity         = words.Text{ZH: "不符时的级别，默认 error", EN: "severity of a fail, error by default"}
	docNear             = words.Text{ZH: "same 只差末位一个单位时的级别，默认 warning", EN: "severity of a fail of same by one unit of the last digit, warning by default"}
	docRoundingSeverity = words.Text{ZH: "尾差的级别，默认 info", EN: "severity of a rounding, info by default"}
	docEach             = words.Text{ZH: "逐项检查：x in 列表；多层写成列表，外层在前", EN: "one verdict for each row: x in list; several as a list, outermost first"}
	docWhen             = words.Text{ZH: "前提：条件成立才检查", EN: "the condition on which the rule applies"}
	docLet              = words.Text{ZH: "式子各部分的名称", EN: "names for parts of the expressions"}
	docCheck            = words.Text{ZH: "须成立的条件", EN: "the condition that must hold"}
	docOutlier          = words.Text{ZH: "数字或算式：不应远离同类单位的数（不用 check）", EN: "a figure or expression that must not lie far from those of like units, instead of check"}
	docUnique           = words.Text{ZH: "文字或数字：不应与其他单位相同（不用 check）", EN: "a text or figure that no like unit may have as well, instead of check"}
	docPeers            = words.Text{ZH: "哪些单位同类：默认为同一规则包、种类、期间的全部单位", EN: "which units are alike: those of the same pack, kind and period where nothing is said"}
	docPeersBy          = words.Text{ZH: "同类单位还须相同的文字，如类型；parent 为上级单位，region 为单位名单上的地区", EN: "texts that like units have in common as well; parent is the unit above, region that in the list of entities"}
	docPeersLeast       = words.Text{ZH: "至少有几个单位的数才找异常值，默认 8", EN: "among how many figures outliers are sought at least; 8 where nothing is said"}
	docPeersLimit       = words.Text{ZH: "修正 z 分数超过多少算异常值，默认 3.5", EN: "the modified z-score beyond which a figure is an outlier; 3.5 where nothing is said"}
	docPeersLength      = words.Text{ZH: "至少多少字的文字才比较，默认 10", EN: "the characters that a text has at least to count; 10 where nothing is said"}
	docTolerance        = words.Text{ZH: "容许的差额：rounding（默认）、exact、{abs: …}、{rel: …}、{cap: …}", EN: "what differences are no fail: rounding (default), exact, {abs: …}, {rel: …}, {cap: …}"}
	docAbs              = words.Text{ZH: "最多相差多少，按左边的单位", EN: "the most by which the sides may differ, in the unit of the left side"}
	docRel              = words.Text{ZH: "最多相差较大一边的百分之几，如 \"0.1%\"", EN: "the most by which they may differ, as a share of the larger side, as in \"0.1%\""}
	docCap              = words.Text{ZH: "四舍五入能解释的差额，但最多这么多", EN: "what rounding explains, but at most this"}
	docMissing          = words.Text{ZH: "缺少数字时：skip 不判断（默认），fail 不符，zero 按零", EN: "without a figure: skip (default), fail, or zero for the figure"}
	docMessage          = words.Text{ZH: "结果的说明，可用 {left}、{right}、{difference} 和字段", EN: "the sentence of a finding, with {left}, {right}, {difference} and fields"}
	docHint             = words.Text{ZH: "该怎么办", EN: "what to do about it"}
	docBasis            = words.Text{ZH: "依据的法律、标准或表", EN: "the law, standard or table behind the rule"}
	docTags             = words.Text{ZH: "标记", EN: "a list of words"}
	docSince            = words.Text{ZH: "适用的第一个年度", EN: "first year for which the rule holds"}
	docUntil            = words.Text{ZH: "适用的最后一个年度", EN: "last year for which the rule holds"}
)

// Rule tests.
var (
	docName         = words.Text{ZH: "测试说明什么", EN: "what the test shows"}
	docData         = words.Text{ZH: "数据，entity 和 period 可以不写", EN: "a dataset in which entity and period may be left out"}
	docTestPrior    = words.Text{ZH: "同一单位上年的数据，或上年和更前一年的列表", EN: "last year's dataset of the unit, or a list of it and that of the year before"}
	docTestBudget   = words.Text{ZH: "同一单位当年的预算", EN: "the budget of the unit"}
	docTestChildren = words.Text{ZH: "下级各单位的数据", EN: "the datasets of the units below it"}
	docTestPeers    = words.Text{ZH: "同类单位的数据", EN: "the datasets of units that are alike"}
	docWant         = words.Text{ZH: "各规则应得的判断，或逐项的判断", EN: "for each rule a verdict, or a verdict for each instance"}
	detailTexts     = map[string]words.Text{
		"verdict":    {ZH: "判断", EN: "the verdict"},
		"severity":   {ZH: "级别", EN: "the severity"},
		"near":       {ZH: "只差末位一个单位", EN: "one unit of the last digit apart"},
		"unlikely":   {ZH: "难以用四舍五入解释", EN: "more than rounding would explain"},
		"left":       {ZH: "左边", EN: "the left side"},
		"right":      {ZH: "右边", EN: "the right side"},
		"difference": {ZH: "差额", EN: "the difference"},
		"cause":      {ZH: "可能原因", EN: "the probable cause"},
		"message":    {ZH: "说明", EN: "the message"},
		"missing":    {ZH: "缺少的字段", EN: "the fields that are missing"},
	}
)

// Selectors.
var (
	docIgnore         = words.Text{ZH: "比较时不计的词", EN: "words that do not count when texts are compared"}
	docIgnoreTitles   = words.Text{ZH: "标题中不计的词", EN: "in headings"}
	docIgnoreSubjects = words.Text{ZH: "其他文字中不计的词", EN: "in everything else"}
	docWords          = words.Text{ZH: "词表，模式中用 {名称:词表} 引用", EN: "lists of words for slots, {name:LIST}"}
	docSelectTypes    = words.Text{ZH: "类型、列表或组：哪种数字归哪个字段", EN: "types, lists and groups: which figures go to which of their fields"}
	docSelects        = words.Text{ZH: "文档的各部分，及其中的字段", EN: "parts of documents, and the fields that are stated there"}
	docSection        = words.Text{ZH: "其上的标题", EN: "headings, one of which must stand above"}
	docWhole          = words.Text{ZH: "true：标题以下全部归此处", EN: "true: everything below the section belongs to the scope"}
	docTable          = words.Text{ZH: "表的标题", EN: "titles of tables"}
	docScopeKey       = words.Text{ZH: "列表行的文字，由旁边单元格的标签得出", EN: "texts of a list row by the label of the cell beside them"}
	docSelectFields   = words.Text{ZH: "各字段怎样找到", EN: "how to find each field"}
	docSentences      = words.Text{ZH: "句子的模式，先于其他", EN: "patterns for running text, tried before the rest"}
	docSentenceText   = words.Text{ZH: "句子的模式", EN: "the pattern"}
	docSet            = words.Text{ZH: "模式成立时字段的文字", EN: "fields with the text that they get where the pattern holds"}
	docSubject        = words.Text{ZH: "是什么的数字", EN: "patterns of what the figures are of"}
	docRow            = words.Text{ZH: "表中行的标签", EN: "in tables: labels of the row"}
	docOf             = words.Text{ZH: "是哪个组或列表的其中项", EN: "the group or list of which the figures are parts"}
	docLike           = words.Text{ZH: "true：归入名称最相近的已有行", EN: "true: each figure goes to the row with the likest name"}
	docReason         = words.Text{ZH: "true：原因中顺带提到的数字", EN: "true: figures told in passing within a reason"}
	docMeasure        = words.Text{ZH: "哪种数字", EN: "what the figure measures"}
	docSelectBasis    = words.Text{ZH: "变动、比率、占比相对于什么", EN: "what a change, rate or share is relative to"}
	docWord           = words.Text{ZH: "数字之前的词", EN: "patterns of the words before the number"}
	docSelectUnit     = words.Text{ZH: "单位之一", EN: "units, one of which it must have"}
	docColumn         = words.Text{ZH: "表中其上的表头", EN: "in tables: headers above the cell"}
	docUnder          = words.Text{ZH: "表中其上的另一层表头", EN: "in tables: headers above the cell beside those of column"}
	docCellLabel      = words.Text{ZH: "表中其左的标签", EN: "in tables: labels of the cell to the left"}
	docCellText       = words.Text{ZH: "单元格内容的模式", EN: "in tables: patterns of what the cell holds"}
	docNote           = words.Text{ZH: "哪种文字", EN: "for texts: which kind"}
)
