package report

import "github.com/gouji/gouji/engine/finding"

// Text is a phrase in both languages.
type Text struct{ ZH, EN string }

// In is the phrase in one language: Chinese for "zh", else English.
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.ZH
	}
	return t.EN
}

var (
	wordLevel      = Text{"级别", "Level"}
	wordFinding    = Text{"检查结果", "Finding"}
	wordDifference = Text{"差额(允许)", "Gap (max)"}
	wordWhere      = Text{"位置(数据)", "At (data)"}
	wordPlace      = Text{"位置", "At"}
	wordAccepted   = Text{"已接受", "accepted"}
	wordOld        = Text{"基线", "baseline"}
	wordInput      = Text{"数据", "Data"}
	wordFigures    = Text{"所涉数字", "figures"}
	wordMustHold   = Text{"须成立", "must hold"}
	wordHint       = Text{"提示", "hint"}
	wordPack       = Text{"规则包", "pack"}
	wordDetails    = Text{"详见", "more"}

	wordColon     = Text{"：", ": "}
	wordComma     = Text{"，", ", "}
	wordList      = Text{"、", ", "}
	wordGap       = Text{"", " "}
	wordSemicolon = Text{"；", "; "}
	wordStop      = Text{"。", "."}
	wordMore      = Text{" 等 %d 个", " … %d in all"}

	textData      = Text{"数据 %s", "data %s"}
	textDocument  = Text{"文档 %s", "document %s"}
	textPublished = Text{"报告 %s", "report %s"}
	textLines     = Text{"位置写作 行:列", "places are line:column"}
	textOfText    = Text{"（见 gouji read --text）", " of gouji read --text"}
	textFigures   = Text{"%d 个数字", "figures: %d"}
	textPack      = Text{"规则包 %s", "pack %s"}
	textLeftOver  = Text{"另有 %d 个数字未对应字段", "figures of no field: %d"}
	textPage      = Text{"第%d页", "p.%d"}
	textPages     = Text{"第%d–%d页", "pp.%d–%d"}
	textTitle     = Text{"（%s）", " (%s)"}
	textUnder     = Text{"位于%s", "under %s"}
	textDecimals  = Text{"精度 %s", "decimals %s"}
	textDecimal   = Text{"%s %d 位小数", "%s %d"}

	textCause    = Text{"可能原因", "probable cause"}
	textMissing  = Text{"缺少 %s", "missing %s"}
	textAbsent   = Text{"数据没有 %s，有关的", "no %s"}
	textCounted  = Text{" %d 条", ": %d"}
	textLeft     = Text{"左边 %s，右边 %s", "left %s, right %s"}
	textNear     = Text{"只差末位", "last digit only"}
	textUnlikely = Text{"差额偏大，很难用四舍五入解释，请核对", "more than rounding would explain: please check"}
	textRounded  = Text{"尾差", "round"}
	textSuspect  = Text{"可疑数字：%s %s，若为 %s，以下 %d 处都不再不符", "Suspect figure: %s %s; %s would settle all %d of these"}

	htmlTitle      = Text{"检查结果", "Findings"}
	htmlKeys       = Text{"键盘：↑ ↓ 选择，n p 在所涉数字间移动，1–7 显示或隐藏一类，/ 查找，Esc 取消；点击文中的数字可看有关结果", "Keys: ↑ ↓ choose, n p go through its figures, 1–7 show or hide a class, / search, Esc clear; click a figure to see what was found"}
	htmlSearch     = Text{"查找", "Search"}
	htmlDocument   = Text{"原文", "Document"}
	htmlNoDocument = Text{"没有可显示的原文", "The document is not at hand"}
	htmlNoMatch    = Text{"没有符合所选条件的结果", "Nothing of this kind was found"}
	htmlAll        = Text{"全部单位", "All inputs"}
	htmlMore       = Text{"其他", "others"}
	htmlRest       = Text{"通过的 %d 处没有列出，原文只列所涉数字所在之处", "%d that hold are left out, and of the document all that is not around the figures"}
	htmlLine       = Text{"第%s行", "line %s"}
	htmlBasis      = Text{"依据", "basis"}
	htmlDifference = Text{"相差", "difference"}

	textFails    = Text{"不符 %d（%s）", "fail %d (%s)"}
	textNoFail   = Text{"没有不符。", "Nothing is wrong."}
	textNoMore   = Text{"没有其他不符。", "Nothing else is wrong."}
	textHarmless = Text{"（四舍五入，不算错）", " (fine)"}

	textAccepted = Text{"已接受 %d", "accepted %d"}
	textOld      = Text{"基线已有 %d", "in the baseline %d"}
	textReason   = Text{"接受理由", "accepted because"}
	textUntil    = Text{"至 %s", "until %s"}
	textAmong    = Text{"；其中%s", "; of these %s"}

	wordRule      = Text{"规则", "rule"}
	textRoundings = Text{"尾差 %d 处，四舍五入足以解释", "roundings, which explain themselves: %d"}

	checkTitle    = Text{"公开报告勾稽自查表", "Self-check of a published report"}
	checkUnit     = Text{"单位", "Unit"}
	checkPeriod   = Text{"年度", "Year"}
	checkFile     = Text{"文件", "File"}
	checkNumber   = Text{"序号", "No."}
	checkItem     = Text{"检查项", "What is checked"}
	checkAnswer   = Text{"是否合格", "In order?"}
	checkProblem  = Text{"问题", "Problem"}
	checkYes      = Text{"是", "yes"}
	checkNo       = Text{"否", "no"}
	checkLook     = Text{"请核对", "look at it"}
	checkAccepted = Text{"已接受", "accepted"}
	checkOpen     = Text{"未能检查", "not evaluated"}
	checkCounts   = Text{"检查项 %d 个：%s。", "%d items: %s."}
	checkSigned   = Text{"自查人：____________　　复核人：____________　　日期：____________", "Checked by: ____________   Reviewed by: ____________   Date: ____________"}

	xlsxVerdict     = Text{"结果", "Verdict"}
	xlsxInstance    = Text{"项目", "Row"}
	xlsxMessage     = Text{"说明", "Finding"}
	xlsxLeft        = Text{"左边", "Left"}
	xlsxRight       = Text{"右边", "Right"}
	xlsxDifference  = Text{"差额", "Difference"}
	xlsxLow         = Text{"允许下限", "Allowed from"}
	xlsxHigh        = Text{"允许上限", "Allowed to"}
	xlsxFigures     = Text{"所涉数字", "Figures"}
	xlsxReport      = Text{"报告位置", "At"}
	xlsxSection     = Text{"标题", "Section"}
	xlsxData        = Text{"数据行", "Lines of data"}
	xlsxCause       = Text{"原因", "Cause"}
	xlsxHint        = Text{"提示", "Hint"}
	xlsxBasis       = Text{"依据", "Basis"}
	xlsxReason      = Text{"接受理由", "Accepted because"}
	xlsxBy          = Text{"接受人", "Accepted by"}
	xlsxUntil       = Text{"有效期至", "Until"}
	xlsxRule        = Text{"规则", "Rule"}
	xlsxFingerprint = Text{"编号", "Fingerprint"}
	xlsxByUnit      = Text{"按单位", "By unit"}
	xlsxByRule      = Text{"按规则", "By rule"}
	xlsxForm        = Text{"自查表", "Self-check"}
	xlsxSigned      = Text{"核对人", "Signed"}
	xlsxCount       = Text{"数字个数", "Figures read"}
	xlsxUnits       = Text{"涉及单位", "Units concerned"}
	xlsxIdle        = Text{"没有用上的原因", "Why it decided nothing"}
	textDroppedRows = Text{"另有 %d 行，一张工作表放不下", "%d more rows, which a sheet cannot hold"}

	textInputs       = Text{"检查了 %d 份", "%d inputs"}
	textGitHubRest   = Text{"另有 %[2]d 个%[1]s没有显示在此，见日志", "%[1]ss that are not shown here: %[2]d; see the log"}
	textGitHubGroup  = Text{"没有显示为注释的 %d 个", "%d that are no annotations"}
	textDropped      = Text{"超出限量，另有 %d 个结果没有写出；写出的是最严重的", "too many results: %d are left out; the worst are here"}
	textDroppedFiles = Text{"另有 %d 个文件没有列出", "files that are not listed: %d"}
	textQuiet        = Text{"另有%s，没有列出，见 --all", "not listed here: %s; see --all"}

	headNotEvaluated = Text{"未能检查 %d 处", "Not evaluated (%d)"}
	headUnbound      = Text{"规则 %d 条，没有用上 %d 条", "%d rules, %d decided nothing"}
	textTimes        = Text{"（%d 处）", " (%d)"}
	textRest         = Text{"其余 %d 处见 --all", "%d more with --all"}
	textReasons      = Text{"其余 %d 种原因见 --all", "%d more reasons with --all"}

	textInstances  = Text{"共 %d 处", "%d instances"}
	textRules      = Text{"规则 %d 条", "%d rules"}
	textNothing    = Text{"没有检查任何数据。", "No data was checked."}
	textNotBound   = Text{"没有一条规则用得上，等于没有检查。", "No rule decided anything: this is not a success."}
	textNoInstance = Text{"不适用", "n/a"}
)

// The digest of many datasets.
var (
	headDigest     = Text{"检查了 %d 个数据集", "%d datasets checked"}
	textWorstError = Text{"有错误的 %d 个", "with errors: %d"}
	textWorstWarn  = Text{"只有警告的 %d 个", "with warnings only: %d"}
	textClean      = Text{"没有不符的 %d 个", "with neither: %d"}
	textIdleInput  = Text{"没有可查内容的 %d 个", "nothing to check in: %d"}
	headRules      = Text{"按规则，从重到轻", "By rule, worst first"}
	headRegions    = Text{"按地区、上级单位或文件夹，从重到轻", "By region, parent or folder, worst first"}
	headUnits      = Text{"按单位，最重的 %d 个（共 %d 个有不符）", "By unit, the worst %d of %d that are not clean"}
	textUnlisted   = Text{"其余 %d 个没有列出", "%d more are not listed"}
	headIdle       = Text{"没有可查内容", "Nothing to check in"}
	textWholeList  = Text{"逐条结果见 -f jsonl、csv、xlsx 等格式", "every finding: -f jsonl, csv, xlsx and others"}
	wordBroken     = Text{"规则", "Rule"}
	wordFolder     = Text{"地区、上级", "Region, parent"}
	wordUnits      = Text{"单位", "Units"}
	wordUnit       = Text{"单位", "Unit"}
	wordExample    = Text{"例", "For example"}
)

// Entities of a list and what came of them.
var (
	headRoll      = Text{"单位名单 %s，共 %d 家", "List of entities %s, %d in all"}
	textAccounts  = Text{"%s 决算", "%s, accounts"}
	textBudgets   = Text{"%s 预算", "%s, budgets"}
	textRoll      = Text{"有数据 %d 家，没有数据 %d 家", "%d with data, %d without"}
	wordAbsent    = Text{"没有数据的单位", "Without data"}
	wordParent    = Text{"上级", "Parent"}
	wordRegion    = Text{"地区", "Region"}
	wordListed    = Text{"名单行", "Line"}
	textRollJSON  = Text{"各单位见 -f json、-f xlsx", "each of them: -f json and -f xlsx"}
	xlsxAbsent    = Text{"没有数据", "Without data"}
	textNotListed = Text{"名单以外的数据 %d 份", "datasets of entities that are not listed: %d"}
)

// What differs between two reports.
var (
	changeTexts = map[finding.ChangeKind]Text{
		finding.New: {"新增", "new"}, finding.Worse: {"变差", "worse"}, finding.Changed: {"有变", "changed"}, finding.Gone: {"不再出现", "gone"},
	}
	// By whether the finding is new.
	elsewhereInput = map[bool]Text{
		true:  {"前一份报告没有检查这个单位、年度", "the earlier report has no input of this unit and year"},
		false: {"后一份报告没有检查这个单位、年度", "the later report has no input of this unit and year"},
	}
	elsewhereRule = map[bool]Text{
		true:  {"前一份报告没有这条规则", "the earlier report has no such rule"},
		false: {"后一份报告没有这条规则", "the later report has no such rule"},
	}
	aspectVerdict      = Text{"结果", "verdict"}
	textDifference     = Text{"差额", "Gap"}
	textMinor          = Text{"另有尾差和未能检查 %d 处，见 --all", "%d more that are roundings or not evaluated, with --all"}
	textSame           = Text{"未变 %d", "same %d"}
	textNothingChanged = Text{"没有变化", "nothing changed"}
)

// SeverityText is a severity in words; empty for none.
func SeverityText(s finding.Severity) Text {
	switch s {
	case finding.Error:
		return Text{"错误", "error"}
	case finding.Warning:
		return Text{"警告", "warning"}
	case finding.Info:
		return Text{"提示", "info"}
	}
	return Text{}
}

// VerdictText is a verdict in words.
func VerdictText(v finding.Verdict) Text {
	switch v {
	case finding.Pass:
		return Text{"通过", "pass"}
	case finding.Rounding:
		return Text{"尾差", "rounding"}
	case finding.Fail:
		return Text{"不符", "fail"}
	case finding.NotApplicable:
		return Text{"不适用", "not applicable"}
	}
	return Text{"未能检查", "not evaluated"}
}

// causes holds the words for probable causes of a fail and for reasons of not being evaluated or bound.
var causes = map[string]Text{
	"truncated":     {"末位直接截去，没有四舍五入", "last digits cut off instead of rounded"},
	"padded":        {"少取一位小数，再补零", "rounded to one digit less and padded with a zero"},
	"plugged":       {"倒挤：用 100% 减去其他各项得出", "plugged: 100% minus the other shares"},
	"digit-swap":    {"两位数字写颠倒", "two digits swapped"},
	"sign":          {"增减方向（正负号）写反", "wrong sign"},
	"unit-slip":     {"单位混淆，相差一万倍（元与万元）", "unit slip, a factor of 10,000 (元 and 万元)"},
	"amount-copied": {"把金额当成比率抄写", "the amount was copied as the rate"},
	"wrong-base":    {"分母用错：除以了本年数，应为上年或预算数", "wrong base: divided by the current figure"},
	"stale":         {"沿用了上年数", "last year's figure was kept"},
	"missing-part":  {"漏加一项：差额正好是同组另一项", "a part was left out: the difference is another figure of the group"},

	"missing":                 {"缺少数据", "data is missing"},
	"zero-denominator":        {"分母为零，不能计算比率", "the denominator is zero"},
	"denominator-may-be-zero": {"分母在四舍五入之前可能为零", "the denominator may be zero before rounding"},
	"incompatible-units":      {"单位不同，不能换算", "the units do not convert"},
	"empty-list":              {"清单为空", "the list is empty"},
	"imprecise-date":          {"日期没有写到日，无法计算天数", "a date names no day, so that days cannot be counted"},
	"too-many-products":       {"乘积项太多，无法判定", "too many products to decide"},
	"undecidable":             {"同一数字出现在多处，无法判定", "cannot be decided: a figure occurs in several places"},
	"no-partner":              {"没有可对照的数据", "the dataset to compare with is not here"},
	"several-partners":        {"可对照的数据不止一份", "there are several datasets to compare with"},
	"few-peers":               {"同类单位太少，不能比较", "there are too few units to compare with"},
	"no-spread":               {"同类单位多半是同一个数，没有离散程度可比", "most of the units have the same figure, so that there is no scale"},
	"not-applicable":          {"前提条件不成立，不适用", "its condition never holds"},
	"partial":                 {"要等全部数据一起检查", "judged only when all data are checked together"},
	"period":                  {"不在规则适用的年度内", "outside the years of the rule"},
}

// CauseText is a probable cause of a fail, or a reason of not being evaluated or bound, in words; one that the table does not know is printed as it is.
func CauseText(cause, lang string) string {
	if t, ok := causes[cause]; ok {
		return t.In(lang)
	}
	return cause
}
