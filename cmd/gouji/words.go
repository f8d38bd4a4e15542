package main

import (
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/engine/words"
)

// text is a phrase in both languages. This file holds every one of the command's own.
type text struct{ zh, en string }

// in is the phrase in one language: Chinese for "zh", else English.
func (t text) in(lang string) string { return words.Text{ZH: t.zh, EN: t.en}.In(lang) }

// Help.
var (
	shortRoot = text{"勾稽：按规则检查公开数字是否互相吻合", "gouji checks whether published figures tie to one another"}

	shortCheck    = text{"检查公开文档或数据", "check published documents or datasets"}
	shortRead     = text{"读出公开文档中的数字", "read the figures of a published document"}
	shortTest     = text{"运行规则包的测试", "run the tests of rule packs"}
	shortLint     = text{"检查规则包本身，或数据是否符合模式", "check packs, or whether data fits its schema"}
	shortList     = text{"列出规则，或可用的字段", "list rules, or the fields of the schema"}
	shortExplain  = text{"说明一条规则，以及它对数据的逐项判断", "what a rule means, and how each figure came in"}
	shortAccept   = text{"接受一处发现：写明理由，此后不再计入", "accept a finding, so that it does not count"}
	shortBaseline = text{"把现有的发现记为基线，以后只计新的和变差的", "record the findings of now; new ones count"}
	shortVersion  = text{"显示版本", "show the version"}
	docText       = text{"每行一条规则", "one rule a line"}
	docMarkdown   = text{"一页说明：每条规则的公式、依据、提示，及其测试的真实输出", "a page: formulas, bases, hints, and what tests print"}
	shortHelp     = text{"显示帮助", "show help"}

	longCheck = text{
		"检查公开文档、数据文件，或文件夹中的全部数据文件；文件夹中没有数据文件时，检查其中的文档。不写 PATH 时检查 ./datasets；- 是标准输入，每行一份 JSON 数据。",
		"Check published documents, data files, or all data files in folders; of a folder without data files, its documents. Without PATH, ./datasets; - is the standard input, a dataset in JSON on each line."}
	longRead = text{
		"读出公开文档 DOC（Word、Excel、PDF、网页、文本）中的数字，以数据文件的形式输出。",
		"Read the figures of the published document DOC (Word, Excel, PDF, HTML, text) and write them as a dataset."}
	longStatus = text{
		"退出状态：\n  0  没有达到 --fail-on 级别的问题\n  1  有\n  2  用法、规则包或数据有误，或什么都没有查成\n  3  程序内部错误",
		"Exit status:\n  0  nothing at or above --fail-on\n  1  findings\n  2  wrong usage, a bad pack, unreadable data, or nothing was checked\n  3  internal fault"}
	longTest = text{
		"运行规则包的测试。DIR 是规则包，或放规则包的文件夹；不写时为 ./rules，没有该文件夹时为内置规则包。每条规则都应有一个不符的用例和一个通过的用例。",
		"Run the tests of rule packs. DIR is a pack or a folder of packs; without it, ./rules, or the packs in the program where there is no such folder. Each rule needs a case that fails it and one that passes it."}
	longLint = text{
		"检查规则包本身：列出全部错误，以及可以改进之处。DIR 是规则包，或放规则包的文件夹；不写时为 ./rules，没有该文件夹时为内置规则包。DIR 也可以是数据：检查它是否符合其规则包的模式。",
		"Check packs without data: all errors, and what could be better. DIR is a pack or a folder of packs; without it, ./rules, or the packs in the program where there is no such folder. DIR may also be data: whether it fits the schema of its pack."}
	longList = text{
		"列出规则，每行一条：名称、级别、标题。PACK 是内置规则包的名称或文件夹；不写时为全部内置规则包。",
		"List rules, one a line: id, severity, title. PACK is the name of a pack in the program or a folder; without it, all packs in the program."}
	longExplain = text{
		"说明规则 RULE 查什么、有哪些测试；写了 PATH，再逐个数字说明它对该数据的判断。",
		"What the rule RULE checks, and its tests; with PATH, also how it came out there, figure by figure."}

	longAccept = text{
		"接受规则 RULE 在 PATH 中 INSTANCE 处的发现，理由写入数据文件；文档和 JSON 数据写入旁边的 PATH.accepted.yaml，其余内容一字不动。规则在 PATH 中只有一处发现时不必写 INSTANCE。它在数字改动、结果有变、期限已过时自行失效；已失效的，再次接受即可更新。",
		"Accept what RULE finds at INSTANCE in PATH. The reason is written into the dataset, of documents and JSON into PATH.accepted.yaml beside it; nothing else there changes. INSTANCE may be left out where the rule finds one thing alone. An acceptance ends by itself when a figure or the outcome changes or its day has passed; accepting again renews it."}

	longBaseline = text{
		"检查 PATH（同 gouji check），把其中的发现写入基线文件。以后 gouji check --baseline FILE 只计新的发现：基线中的照旧不计，直到所涉数字改动，或结果、级别、差额变差。已写明理由接受的不记入。再次运行即更新。",
		"Check PATH as gouji check does and write what is found into a baseline. From then on, gouji check --baseline FILE counts what is new: what the baseline holds stays quiet until one of its figures changes, or its verdict, severity or difference becomes worse. What is accepted for a reason is left out. Run it again to renew the file."}

	headUsage    = text{"用法：", "Usage:"}
	headCommands = text{"命令：", "Commands:"}
	headFlags    = text{"选项：", "Flags:"}
	headFormats  = text{"输出格式：", "Formats:"}
	textMoreHelp = text{"各命令的用法：gouji help COMMAND", "More on a command: gouji help COMMAND"}

	flagLang        = text{"语言：`zh|en`，默认随系统", "language: `zh|en`; default: that of the locale"}
	flagHelp        = text{"显示帮助", "show help"}
	flagRules       = text{"内置规则包 `PACK` 或规则包文件夹；默认用数据自己指明的", "pack `PACK` in the program, or folder of a pack;\ndefault: the one that the data names"}
	flagFormat      = text{"输出格式 `NAME`，默认 %s：%s", "format `NAME`, default %s: %s"}
	flagReport      = text{"输出格式 `NAME`（见上），默认 %s；写作 NAME=FILE\n则写入文件，可重复", "format `NAME`, see above; default %s;\nNAME=FILE goes to a file, and may be repeated"}
	flagSave        = text{"写入文件 `FILE`，而不是标准输出；\n不写 -f 时，格式由文件名的后缀决定", "write to `FILE` instead of stdout;\nwithout -f its ending tells the format"}
	flagOutput      = text{"写入文件 `FILE`，而不是标准输出", "write to `FILE` instead of stdout"}
	flagForce       = text{"覆盖已有的文件", "overwrite a file that exists"}
	flagFacts       = text{"每行输出一个数字，JSON 格式", "write one figure a line, as JSON"}
	flagText        = text{"输出文档的文字，位置按其行、列计", "write the text of which places count lines and columns"}
	flagCoverage    = text{"列出认出了多少数字，哪些没有对应的字段", "tell how many figures were understood, and which\nare statements of no field"}
	flagReadRules   = text{"内置规则包 `PACK` 或规则包文件夹", "pack `PACK` in the program, or folder of a pack"}
	flagEntity      = text{"文档没有写明的单位 `NAME`", "unit or department `NAME`, where a document does not tell"}
	flagPeriod      = text{"文档没有写明的年度 `YEAR`", "year `YEAR`, where a document does not tell"}
	flagEntities    = text{"单位名单 `FILE`：各单位的上级、地区，\n并列出没有数据的单位", "list of entities, `FILE`: what is above each, its region;\ntells of which there are no data"}
	flagFailOn      = text{"何种 `LEVEL` 起退出状态为 1，默认 error：\n%s", "`LEVEL` from which on the exit status is 1,\ndefault error: %s"}
	flagOnly        = text{"只查规则 `RULE`，可重复，可用逗号分隔", "only rule `RULE`; may be repeated, or a list with commas"}
	flagSkip        = text{"不查规则 `RULE`，可重复，可用逗号分隔", "not rule `RULE`; may be repeated, or a list with commas"}
	flagAll         = text{"列出全部结果，通过的也列出", "show every instance, those that hold too"}
	flagStrict      = text{"未能检查的，按规则的级别计", "what was not evaluated counts with its rule's severity"}
	flagJobs        = text{"同时检查 `N` 个文件，默认与处理器数相同", "check `N` files at a time; default: one a processor"}
	flagAccepted    = text{"已接受的发现另见文件 `FILE`，可重复", "accepted findings are also in `FILE`; may be repeated"}
	flagBaseline    = text{"基线文件 `FILE` 中的旧发现不再计入", "old findings in the baseline `FILE` do not count"}
	flagAsOf        = text{"按 `DATE` 这一天判断接受期限，默认今天", "acceptances end as of `DATE`, default today: 2026-12-31"}
	flagReason      = text{"理由 `TEXT`，必须写明；更新时不写则沿用原来的", "why, `TEXT`; required, kept when an acceptance is renewed"}
	flagBy          = text{"接受人 `NAME`", "who accepts it, `NAME`"}
	flagUntil       = text{"有效期至 `DATE` 当日；never 为不限", "last day on which it holds, `DATE`, or never"}
	flagAcceptAll   = text{"接受或删去 RULE 的全部各处", "all that RULE finds, or all that is accepted of it"}
	flagDryRun      = text{"只显示，不写入", "show what would be written, and write nothing"}
	flagRemove      = text{"删去，不再接受", "take the acceptance away"}
	flagFill        = text{"给 PATH 中没有写明数字的各条填入现有的数字", "write today's values where acceptances of PATH lack them"}
	flagAcceptPrune = text{"删去 PATH 中不再有发现的各条", "take away what is needed no more in PATH"}
	flagAcceptInto  = text{"写入文件 `FILE`，而不是数据文件或其旁", "write into `FILE`, not into the data or beside it"}
	flagFields      = text{"列出模式中的字段：路径、类型、单位、标签和别名", "list the fields: path, type, unit, label, aliases"}
)

// Words.
var (
	wordColon     = text{"：", ": "}
	wordComma     = text{"、", ", "}
	wordSemicolon = text{"；", "; "}
	wordHint      = text{"提示：", "hint: "}
	wordRule      = text{"规则：", "rule: "}
	wordFile      = text{"文件：", "file: "}

	wordFormat   = text{"输出格式", "format"}
	wordSeverity = text{"级别", "severity"}
	wordLanguage = text{"语言", "language"}
	wordPack     = text{"规则包", "pack"}
	wordRuleName = text{"规则", "rule"}
	wordCommand  = text{"命令", "command"}
	wordFlag     = text{"选项", "flag"}

	wordPublished = text{"报告", "report"}
)

// What is wrong, and what to do about it.
var (
	textUnknown     = text{"没有名为 %[2]q 的%[1]s", "unknown %[1]s %[2]q"}
	textMeant       = text{"是否想写 %q？", "did you mean %q? "}
	textKnown       = text{"可用：%s", "known: %s"}
	textSeeHelp     = text{"用法见 %s --help", "see %s --help"}
	textSeeList     = text{"规则见 gouji list", "gouji list lists the rules"}
	textNoValue     = text{"选项 %s 缺少值", "the flag %s needs a value"}
	textBadValue    = text{"%[2]s 的值 %[1]v 无效", "%[1]v is not a valid value of %[2]s"}
	textTogether    = text{"选项 %s 和 %s 不能同时使用", "the flags %s and %s cannot go together"}
	textTooFew      = text{"缺少参数", "an argument is missing"}
	textTooMany     = text{"多余的参数 %q", "unexpected argument %q"}
	textInterrupted = text{"已中断", "interrupted"}
	textFault       = text{"程序内部错误，请连同以下内容报告：%v", "internal fault, please report it with what follows: %v"}

	textNoPackFile  = text{"%s 中没有 pack.yaml，不是规则包", "%s holds no pack.yaml: it is no pack"}
	textPacksInside = text{"其中的规则包：%s", "packs in it: %s"}
	textBadList     = text{"单位名单有误，什么都没有检查", "the list of entities has errors: nothing was checked"}
	textBadPack     = text{"规则包有误，什么都没有检查", "a pack has errors: nothing was checked"}
	textPackErrors  = text{"规则包 %s 有误", "the pack %s has errors"}
	textNoDatasets  = text{"%s 中没有数据文件或文档", "%s holds no datasets or documents"}
	textExists      = text{"%s 已存在；要覆盖请加 --force", "%s exists; --force overwrites it"}

	textNothingInDocument = text{"文档没有读出内容", "nothing of the document could be read"}
	textNoFolder          = text{"此处没有 %s 文件夹，请写出要检查的文件或文件夹", "there is no folder %s here: name the files or folders to check"}
	textNothingRead       = text{"没有可以检查的数据，什么都没有检查", "no data could be read: nothing was checked"}
	textDay               = text{"请写成 2026-12-31", "write it as 2026-12-31"}
	textDrift             = text{"基线 %s：%d 处仍不计入", "baseline %s: still quiet %d"}
	textWorse             = text{"变差 %d 处，已计入", "worse and counted %d"}
	textOther             = text{"数字有变 %d 处，已计入", "with other figures and counted %d"}
	textGone              = text{"不再出现 %d 处", "gone %d"}
	textPrune             = text{"gouji baseline --prune -o %s 可删去不再出现的", "gouji baseline --prune -o %s drops what is gone"}
	textMore              = text{"其余 %d 处从略", "and %d more"}
	textDrifted           = text{"%s %s %s：%s 原为 %s，现为 %s", "%s %s %s: %s was %s and is %s"}

	textAllAndOne       = text{"写了 %q，不能再用 --all", "%q and --all cannot go together"}
	textUntilDay        = text{"请写今天或以后的日期，如 2026-12-31；never 为不限", "write a day from today on, as in 2026-12-31, or never"}
	textWantFile        = text{"%s 是文件夹；请写其中一个文件", "%s is a folder; name one file in it"}
	textNothingAccepted = text{"数据有误，没有改动", "the data has errors; nothing was changed"}
	textStillExpired    = text{"对 %s 的接受期限 %s 已过；请用 --until 写明新的期限", "the acceptance of %s held until %s; say with --until how long it holds now"}
	textNoReason        = text{"接受 %s 要写明理由", "%s is accepted for no reason"}
	hintReason          = text{"用 --reason 写明", "say why with --reason"}
	textUnsafe          = text{"%s 的写法不能稳妥改动，请手工写入", "%s is written in a way that cannot be changed safely; please write it by hand"}
	hintWith            = text{"它在这里什么也没有判断；要与其他数据比较的规则，用 --with 写明那些数据", "it decided nothing here; where it looks at other data, name these with --with"}
	textNothingFound    = text{"规则 %s 在 %s 没有发现，不必接受；有发现的规则：", "%s finds nothing in %s; rules that do:"}
	textNoInstanceFound = text{"规则 %s 没有名为 %q 的发现；它的发现：", "%s finds nothing at %q; it finds:"}
	textSeveral         = text{"%s 有 %d 处", "%s stands for %d"}
	hintSeveral         = text{"请写明是哪一处，或用 --all", "name one of them, or write --all"}
	textNotAccepted     = text{"%s 在 %s 没有接受过", "%s is not accepted in %s"}
	textWritten         = text{"已写入 %s", "written to %s"}
	textWouldWrite      = text{"将写入 %s（未写）", "would be written to %s"}
	textFileGone        = text{"已删去 %s", "removed %s"}
	textNothingToWrite  = text{"没有改动", "nothing to change"}

	textBaselineWritten = text{"已写入 %s：%d 处", "written to %s: %d findings"}
	textBaselineNews    = text{"新增 %d，更新 %d，删去 %d", "%d new, %d renewed, %d gone"}
	textNoBaseline      = text{"有文件没有查成，没有写基线", "something could not be checked; no baseline was written"}
	textNotOverwritten  = text{"%s 不是基线，没有改写", "%s is no baseline and was left alone"}

	textNotBound     = text{"没有一条规则用得上，什么都没有查成", "no rule decided anything: nothing was checked"}
	textSomeBad      = text{"%d 个数据集或路径有误，没有检查；检查了 %d 个数据集", "datasets or paths with errors, not checked: %d; datasets checked: %d"}
	textCacheBusy    = text{"%s 正被另一次检查使用", "%s is in use by another check"}
	textCacheForeign = text{"%s 不是这一版 gouji 的检查结果，请换一个文件夹或删去它", "%s holds no results of this version of gouji: choose another folder, or remove it"}
	textOnlyText     = text{"--fields 只有 text 格式", "--fields has the format text only"}
	textOutputUnused = text{"-o %s 没有对应的格式：各格式都已写明自己的文件", "no format is left for -o %s: each has a file of its own"}
	textStdoutTwice  = text{"%s 和 %s 都要写到标准输出", "%s and %s would both go to stdout"}
	textOwnFile      = text{"写作 -f %s=FILE", "write -f %s=FILE"}
	textNoStore      = text{"-f %s 没有写明存到哪里", "-f %s does not tell where to store"}
	textNoFile       = text{"%s 是 -f %s 的地址，%s 不能写入", "%s is an address for -f %s; %s cannot be written there"}
	textStoreTarget  = text{"写作 -f %s=%s", "write -f %s=%s"}
	textAgain        = text{"%s：同样的结果已在其中（运行 %s，最早在 %s），没有重复写入", "%s: the same results are there since %[3]s, as run %[2]s; they were not written twice"}
	textSameOutput   = text{"%s 和 %s 都要写入 %s", "%s and %s would both be written to %s"}
	textBinary       = text{"%s 不是文本，不能显示在终端上", "%s is no text and cannot be shown on a terminal"}
	textIsFolder     = text{"%s 是文件夹，不能写入", "%s is a folder and cannot be written"}
	textIsInput      = text{"%s 是被检查的数据，不能覆盖", "%s is one of the datasets and would be overwritten"}
)

// Hooks and changes.
var (
	shortHook = text{"在 git 提交之前检查", "check what a git commit would hold"}
	longHook  = text{
		"在每次 git commit 之前检查暂存的内容：有改动的数据和文档；规则包有改动时，运行其测试，并检查用到它的全部数据。没有问题时什么都不显示，有问题时拒绝提交。\n\nACTION：\n  install      在本仓库中装上钩子\n  uninstall    取下\n  run [FILE…]  检查，由 git 调用；FILE 是另外要检查的文件，由 pre-commit 等程序给出",
		"Before every git commit, check what is staged: data and documents that changed; of a pack that changed, its tests and all data that it judges. It says nothing when all is well, and refuses the commit when not.\n\nACTION:\n  install      put the hook into this repository\n  uninstall    take it out\n  run [FILE…]  check, as git does by the hook; FILE names further files,\n               which programs like pre-commit pass"}

	flagData       = text{"数据所在的文件夹或文件 `PATH`，可重复，默认 %s", "folder or file `PATH` that holds data; may be repeated;\ndefault %s"}
	flagHookFailOn = text{"何种 `LEVEL` 起拒绝提交，默认 error：%s", "`LEVEL` from which on a commit is refused,\ndefault error: %s"}
	flagCache      = text{"检查结果留在文件夹 `DIR`；数据和规则没有变化的，\n下次不再重查", "keep results in the folder `DIR`: what has not\nchanged, nor its rules, is not checked again"}
	flagJoin       = text{"一个单位一个期间的数据分在几张表中时，\n按单位和期间合并各表", "put together what several tables say of one unit\nand period"}
	flagWith       = text{"规则要与其他数据比较时，那些数据在 `PATH`；可写多次", "other data, in `PATH`, that rules compare these with;\nmay be repeated"}
	flagResume     = text{"从上次中断的同一命令停下的地方接着查", "go on where the same command was broken off"}
	flagSince      = text{"只查自 git 版本 `REV` 以来有改动的，以及规则包有改动的", "only what changed since the git revision `REV`,\nor whose pack did"}

	wordAction   = text{"操作", "action"}
	wordRevision = text{"git 版本", "git revision"}

	textNoGit        = text{"没有安装 git", "git is not installed"}
	textNoRepository = text{"这里不是 git 仓库", "this is no git repository"}
	hintNoRepository = text{"请进入仓库的文件夹，或用 git init 新建", "go to the folder of one, or make one with git init"}
	textNoWorkTree   = text{"这个 git 仓库没有工作区", "this git repository has no work tree"}
	textGitFails     = text{"git %s 出错：%s", "git %s: %s"}
	hintRevision     = text{"可写分支、标签或提交；远程的分支先用 git fetch 取得", "name a branch, a tag or a commit; fetch remote branches first with git fetch"}
	hintShallow      = text{"这个仓库是浅克隆，没有更早的历史：请运行 git fetch --unshallow，在 CI 中设 fetch-depth: 0", "this clone is shallow and lacks older history: run git fetch --unshallow, or set fetch-depth: 0 in CI"}
	textOutside      = text{"%s 不在这个 git 仓库中", "%s does not lie in this git repository"}
	textUnmerged     = text{"%s 还有合并冲突，没有检查", "%s has merge conflicts: not checked"}
	textNotChanged   = text{"自 %s 以来没有改动，没有要检查的数据", "nothing to check has changed since %s"}

	textRefused = text{"%d 处问题，在 %d 个文件中，没有提交", "findings: %d, in files: %d; not committed"}
	hintRefused = text{"改正后 git add，再提交；详情见 gouji check %s", "put them right, git add, and commit again; gouji check %s tells more"}

	textHookInstalled = text{"已装上 %s", "installed %s"}
	textHookRemoved   = text{"已删除 %s", "removed %s"}
	textNoHook        = text{"没有钩子 %s", "there is no hook %s"}
	textForeignHook   = text{"已有别的钩子 %s，没有改动", "there is another hook %s: left as it is"}
	hintForeignHook   = text{"要在其中检查，请加上一行：%s", "to check in it as well, add the line: %s"}
	hintPreCommit     = text{"该钩子由 pre-commit 管理，请把 gouji 加到 .pre-commit-config.yaml", "pre-commit manages it: add gouji to .pre-commit-config.yaml"}
	textNotOurHook    = text{"钩子 %s 不是 gouji 装上的，没有删除", "the hook %s was not installed by gouji: not removed"}
	textNoDataYet     = text{"还没有 %s，在有之前钩子没有要检查的", "there is no %s yet: until then the hook checks nothing"}
	hintNoDataYet     = text{"数据在别处的，用 --data 写明", "where data lie elsewhere, say so with --data"}
)

// Starting a repository of data.
var (
	shortInit = text{"新建数据仓库", "start a repository of data"}
	longInit  = text{
		"使文件夹 DIR（默认为此处）成为数据仓库：datasets 文件夹和一个示例，供编辑器使用的 JSON 模式，git 仓库及其提交前的钩子；远程仓库在 GitHub 或 GitLab 的，还有其 CI 的文件。已有的一概不改，只补所缺。",
		"Make the folder DIR, by default this one, a repository of data: a folder datasets with an example, the JSON Schema for editors, a git repository with the hook before commits and, where its remote is on GitHub or GitLab, a file for the CI there. What is there already stays as it is; only what is missing is added."}

	textAdded       = text{"已写入 %s", "added %s"}
	textKept        = text{"已有 %s，没有改动", "kept %s, which is there already"}
	hintNoGit       = text{"安装后再运行 gouji init，即有仓库和钩子", "install it and run gouji init again for a repository with its hook"}
	textInclude     = text{"请在 %s 中加上：include: %s", "add to %s: include: %s"}
	textNoCI        = text{"看不出用哪一种 CI，没有写入其文件", "no file for CI: nothing tells which one is used"}
	hintNoCI        = text{"加上 GitHub 或 GitLab 的远程仓库（git remote add）后，可再运行 gouji init", "add a remote on GitHub or GitLab with git remote add, and run gouji init again"}
	textInitialized = text{"可以开始了：照示例录入报告，用 gouji check 检查，然后 git add、git commit。", "Ready: enter reports as the example shows, check them with gouji check, then git add and git commit."}

	textHookElsewhere = text{"已有的钩子不检查 %s", "the hook that is there does not check %s"}
	hintHookElsewhere = text{"请用 gouji hook install 重新装上，加 --data %s 和原有的各项", "install it anew with gouji hook install, with --data %s and what it has now"}
)

// Results of read.
var (
	coverageNumbers  = text{"文中的数（含日期、序号）", "numbers, dates and numbering too"}
	coverageValues   = text{"其中数值", "values"}
	coverageLabelled = text{"认出所指的", "of which is known what they are"}
	coverageBound    = text{"对应字段的", "that are statements of a field"}
	coverageUsed     = text{"规则用到的", "that a rule judged"}
	coverageLeft     = text{"未对应字段的数值 %d 个：", "Values of no field (%d):"}

	headWhere   = text{"位置", "At"}
	headLabel   = text{"所指", "Of"}
	headSection = text{"标题", "Section"}
)

// Results of test and lint.
var (
	textDisagree    = text{"%s 是 %q，应为 %q", "%s is %q, want %q"}
	textUnwanted    = text{"%s 是 %q，用例没有提到", "%s is %q, which the test does not want"}
	textNoInstance  = text{"没有这一项，应为 %q", "no such instance, want %q"}
	textNeverFails  = text{"没有用例使它不符", "no test shows it failing"}
	textNeverPasses = text{"没有用例使它通过", "no test shows it passing"}
	textTestsPass   = text{"%s：%d 个用例全部通过，规则 %d 条。", "%s: all %d cases pass, %d rules."}
	textTestsFail   = text{
		"%s：%d 个用例，不一致 %d 处；缺不符用例的规则 %d 条，缺通过用例的 %d 条。",
		"%s: %d cases, failures: %d; rules without a failing case: %d, without a passing case: %d."}
	textLinted     = text{"%s：错误 %d、警告 %d。", "%s: errors: %d, warnings: %d."}
	textLintedData = text{"符合模式的数据文件 %d 个，有误的 %d 个。", "files that fit: %d, files with errors: %d."}
)

// Results of list and explain.
var (
	textRestated        = text{"同一数字多处表述一致（内置）", "all statements of one figure agree (built in)"}
	textRestatedCheck   = text{"same(同一字段的全部表述)", "same(all statements of a field)"}
	textRestatedFormula = text{"同一字段的全部表述一致", "all statements of a field agree"}
	textOutlier         = text{"%s 与同类单位相比不异常：修正 z 分数（0.6745 × 与中位数之差 ÷ MAD）不超过 %s", "%s is no outlier among like units: its modified z-score (0.6745 × distance from the median ÷ MAD) is at most %s"}
	textUnique          = text{"%s 不与其他单位相同", "%s is not the same as that of another unit"}
	textOutlierPeers    = text{"%s相同，至少 %d 家", "%s; at least %d"}
	textPeersAlike      = text{"%s相同", "%s"}
	textUniquePeers     = text{"%s相同，至少 %d 个字的才比较", "%s; texts of %d characters or more"}
	textPeersBy         = text{"种类、期间", "kind, period"}
	textPeersParent     = text{"上级单位", "parent"}
	textPeersRegion     = text{"地区", "region"}
	textOff             = text{"已关闭", "switched off"}
	textUnitFrom        = text{"由 %s 指明", "from %s"}
	textAliases         = text{"（%s）", "(%s)"}

	headPage    = text{"%s（%s）的规则", "Rules of %s (%s)"}
	headBuiltIn = text{"内置", "Built in"}
	columnTitle = text{"须成立", "what must hold"}
	textPage    = text{
		"共 %d 条规则。字段及其中文名见 %s；示例是规则包自带测试的真实输出。本页由 %s 生成。",
		"%d rules. %s lists the fields; examples are what the pack's own tests print. Written by %s."}
	textExample = text{"**%s**（%s），%s", "**%s** (%s), %s"}
	textCause   = text{"（可能原因：%s）", " (probable cause: %s)"}

	textSeverities     = text{"%s；尾差为%s", "%s; roundings: %s"}
	textSeveritiesSame = text{"%s；只差末位一个单位为%s", "%s; one unit of the last digit apart: %s"}

	textExact       = text{"精确", "exact"}
	textLevel       = text{"（%s）", " (%s)"}
	textNoInstances = text{"没有可检查的内容", "there is nothing to check"}

	textNear       = text{"同一个数印成了两个数，相差 %s，正好是末位一个单位。", "One figure is printed as two, %s apart: one unit of the last digit."}
	textAgrees     = text{"算得的数与印出的数相差 %s，按印出的位数四舍五入后相等，成立。", "They are %s apart and agree once rounded to the decimals that are printed."}
	textImpossible = text{
		"印出的各数都经过舍入，由此能造成的差额：%s。现差 %s，不在其中：任何真实值都不能使它成立。",
		"The figures are printed rounded, which can set the sides apart by: %s. They are %s apart, which is not among these: no true values make it hold."}
	textPossible = text{
		"印出的各数都经过舍入，由此能造成的差额：%s。现差 %s，在其中：是尾差，不算错。",
		"The figures are printed rounded, which can set the sides apart by: %s. They are %s apart, which is among these: rounding explains it, it is no error."}
	textUnequal   = text{"两边都不容舍入，现差 %s：不成立。", "Neither side is rounded, and they are %s apart: it does not hold."}
	textBeyond    = text{"规则允许的差额：%s。现差 %s，超出了。", "The rule allows differences of: %s. They are %s apart, which is more."}
	textTolerated = text{"规则允许的差额：%s。现差 %s，没有超出。", "The rule allows differences of: %s. They are %s apart, which is within."}
	textUnlikely  = text{"但差额偏大，很难用四舍五入解释，请核对。", " But that is more than rounding would explain: please check."}

	textBetween = text{"%s 至 %s", "%s to %s"}
	textNoEnds  = text{"，不含两端", ", ends excluded"}
	textNoLow   = text{"，不含左端", ", lower end excluded"}
	textNoHigh  = text{"，不含右端", ", upper end excluded"}
	textBelow   = text{"小于 %s", "less than %s"}
	textAtMost  = text{"不大于 %s", "at most %s"}
	textAbove   = text{"大于 %s", "more than %s"}
	textAtLeast = text{"不小于 %s", "at least %s"}

	headFigure    = text{"数字", "Figure"}
	headPrinted   = text{"印作", "Printed"}
	headDecimals  = text{"位数", "Decimals"}
	headTrueValue = text{"真实值", "True value"}
	headPlace     = text{"位置(数据)", "At (data)"}

	aspectPack      = text{"规则包", "pack"}
	aspectSeverity  = text{"级别", "severity"}
	aspectEach      = text{"逐项", "each"}
	aspectWhen      = text{"前提", "when"}
	aspectCheck     = text{"检查", "check"}
	aspectPeers     = text{"同类", "alike"}
	aspectTolerance = text{"容差", "tolerance"}
	aspectMissing   = text{"缺数", "missing"}
	aspectYears     = text{"年度", "years"}
	aspectHint      = text{"提示", "hint"}
	aspectBasis     = text{"依据", "basis"}
	aspectTags      = text{"标记", "tags"}
	aspectExample   = text{"示例", "example"}
	aspectWritten   = text{"写法", "written"}
	aspectFormula   = text{"算式", "formula"}
	aspectTests     = text{"测试", "tests"}
	aspectInstances = text{"各项", "at"}
	aspectVerdict   = text{"判断", "verdict"}
	aspectCause     = text{"原因", "cause"}
	aspectAccepted  = text{"已接受", "accepted"}
	aspectLacking   = text{"缺少", "lacking"}
)

// New rules.
var (
	shortNew = text{"在规则包中加一条规则和它的测试", "add a rule and its tests to a pack"}
	longNew  = text{
		"在规则包中加一条规则 ID，须成立的条件是 CHECK，并为它找出通过和不符的测试用例。没有 --topic 时，写入说到相同字段最多的规则文件。规则有误时什么都不写。",
		"Add the rule ID to a pack, with the condition CHECK that must hold, and test cases that pass and fail it. Without --topic it goes into the file whose rules speak of the same fields most. Nothing is written when the rule is wrong."}
	flagNewRules = text{"规则包文件夹 `DIR`，默认为当前文件夹，\n或 ./rules 中唯一的规则包", "folder `DIR` of the pack; default: this folder, or the\nonly pack in ./rules"}
	flagTopic    = text{"规则文件 `NAME`，可以是新的", "file `NAME` of rules, which may be new"}
	flagTitle    = text{"标题 `TEXT`，默认是公式的文字", "the title `TEXT`; default: the formula in words"}
	flagEach     = text{"逐项检查：`CLAUSE`，如 \"p in projects\"", "one verdict for each row: `CLAUSE`, as in \"p in projects\""}
	flagWhen     = text{"前提 `CONDITION`", "the `CONDITION` on which it applies"}
	flagSeverity = text{"不符时的级别 `LEVEL`", "severity `LEVEL` of a fail"}
	wordNewKind  = text{"种类", "kind"}

	textRuleExists = text{"已有规则 %s：%s", "there is a rule %s already: %s"}
	textWhichPack  = text{"不知道写入哪个规则包：请用 -r 指明其文件夹", "it is not clear which pack is meant: name its folder with -r"}
	textNothingNew = text{"规则有误，什么都没有写", "the rule is wrong: nothing was written"}
	textNewRule    = text{"规则 %s 写入了 %s。", "The rule %s stands in %s."}
	textNewCases   = text{"测试用例写入了 %s。", "Its test cases stand in %s."}
	textNoPassing  = text{"没有找到使它通过的数据：请在 %s 中补一个用例。", "No data were found that pass it: add a case to %s."}
	textNoFailing  = text{"没有找到使它不符的数据：请在 %s 中补一个用例。", "No data were found that fail it: add a case to %s."}
	textNewNext    = text{"接下来：看看标题和用例是否合意，然后运行 gouji test %[1]s；gouji explain -r %[1]s %[2]s 说明这条规则。", "Next: see whether title and cases say what you mean, then run gouji test %[1]s; gouji explain -r %[1]s %[2]s explains the rule."}
	textCasePasses = text{"%s 通过", "%s passes"}
	textCaseFails  = text{"%s 不符", "%s fails"}
)

// How far long work is.
var (
	textProgress     = text{"已检查 %d 个数据集，每秒 %.0f 个", "checked %d datasets, %.0f a second"}
	textProgressLeft = text{"，%d%%，约剩 %v", ", %d%%, about %v left"}
)

// Man pages.
var (
	shortMan = text{"写出手册页", "write the man pages"}
	longMan  = text{
		"把各命令的手册页写入文件夹 DIR：英文的在 man1，中文的在 zh_CN/man1。供制作安装包使用。",
		"Write the man pages of all commands into the folder DIR: the English ones into man1, the Chinese ones into zh_CN/man1. For those who make packages."}
	manSectionName     = text{"名称", "NAME"}
	manSectionUsage    = text{"用法", "SYNOPSIS"}
	manSectionAbout    = text{"说明", "DESCRIPTION"}
	manSectionCommands = text{"命令", "COMMANDS"}
	manSectionFlags    = text{"选项", "OPTIONS"}
	manSectionSee      = text{"另见", "SEE ALSO"}
)

// What git holds and gouji does not read.
var (
	textSubmodule  = text{"是另一个 git 仓库", "is a repository of its own"}
	textLinkLeaves = text{"符号链接指向仓库之外", "the link leads out of the repository"}
)

// The layout of files.
var (
	shortFmt = text{"把数据和规则包整理成统一的格式", "bring datasets and packs into canonical layout"}
	longFmt  = text{
		"把文件整理成统一的格式，列出改动了的文件；所写的内容和注释不变。PATH 是文件或文件夹：文件夹中只整理规则包的文件和数据文件。不写时为 ./datasets 和 ./rules；- 为标准输入，结果写到标准输出。",
		"Bring files into their canonical layout and list those that changed; what they say and their comments stay. PATH is a file or a folder, in which the files of packs and the datasets are meant. Without PATH, ./datasets and ./rules; - reads stdin and writes stdout."}
	flagFmtCheck  = text{"不改文件，列出会改动的；有则退出状态为 1", "change nothing, list what would; status 1 if any"}
	flagFmtDiff   = text{"不改文件，列出会改动的各行", "change nothing, show the lines that would"}
	textNoFolders = text{"没有文件夹 %s，也没有 %s：请写明 PATH", "there is no folder %s and no folder %s: name a PATH"}
)

// Colours.
var (
	flagColor     = text{"何时用颜色 `WHEN`：auto、always、never；\n默认 auto，只在终端上用", "colours, `WHEN`: auto, always, never;\ndefault auto: on terminals"}
	wordColorMode = text{"颜色设定", "colour mode"}
)

// Schemas for editors.
var (
	shortSchema = text{"输出数据、规则包的 JSON 模式，供编辑器检查和补全", "write JSON Schemas of data and packs, for editors"}
	longSchema  = text{
		"输出一种文件的 JSON 模式，编辑器可据以检查、补全。只写规则包 PACK（内置的名称或文件夹）时，为其数据文件的模式；都不写时，为 juesuan 的。",
		"Write the JSON Schema of a kind of file, by which editors check and complete it. PACK alone, a pack in the program or a folder, means its datasets; nothing, those of juesuan."}
	longModeline = text{
		"文件以注释指明自己的模式（路径相对于该文件）：\n  # yaml-language-server: $schema=dataset.schema.json",
		"A file names its schema in a comment, with a path from its own folder:\n  # yaml-language-server: $schema=dataset.schema.json"}
	headKinds = text{"文件种类 KIND：", "Kinds of files, KIND:"}
	wordKind  = text{"文件种类或规则包", "kind of file or pack"}

	flagSchemaRules = text{"写入规则包 `PACK` 的字段和规则，默认 juesuan；\nrules、schema、select、pack 默认不写入", "the fields and rules of `PACK`; default: juesuan,\nand none for rules, schema, select and pack"}
)

// meanings says what each verdict means.
var meanings = map[finding.Verdict]text{
	finding.Pass:          {"所印的符合这条规则。", "What is printed satisfies the rule."},
	finding.Rounding:      {"按印出的数字不成立，但有四舍五入后正是如此的真实值使它成立：是尾差，不算错。", "It does not hold as printed, but true values that round to these satisfy it."},
	finding.NotEvaluated:  {"无法判断。", "It cannot be decided."},
	finding.Fail:          {"所印的不符合这条规则。", "What is printed does not satisfy the rule."},
	finding.NotApplicable: {"前提不成立。", "Its condition does not hold."},
}

var tolerances = map[rule.ToleranceKind]text{
	rule.Rounding: {"四舍五入所能解释的差额", "what rounding explains"},
	rule.Exact:    {"不允许误差", "exact"},
	rule.Abs:      {"不超过 %s", "at most %s"},
	rule.Rel:      {"不超过较大一边的 %s", "at most %s of the larger side"},
	rule.Cap:      {"四舍五入所能解释的差额，但不超过 %s", "what rounding explains, at most %s"},
}

var missings = map[rule.Missing]text{
	rule.Skip:      {"缺少数字时不判断", "without a figure it is not evaluated"},
	rule.MustExist: {"缺少数字即为不符", "without a figure it fails"},
	rule.Zero:      {"缺少的数字按零计", "a missing figure counts as zero"},
}

// Baselines.
var (
	flagBaselineOutput   = text{"写入基线文件 `FILE`，而不是标准输出", "write the baseline to `FILE` instead of stdout"}
	flagBaselineSeverity = text{"只记 `LEVEL` 及以上的发现，默认 info：\n%s", "only findings of this `LEVEL` or worse,\ndefault info: %s"}
	flagBaselinePrune    = text{"只从 FILE 删去不再出现的，不加入新的", "only drop from FILE what is gone, add nothing"}
)

// Comparisons.
var (
	shortDiff = text{"比较两份报告或两个版本：新增、变差、不再出现", "compare two reports, or two revisions of git"}
	longDiff  = text{
		"比较 OLD 和 NEW 两份报告（gouji check -f json 的输出），或 git 的两个版本：后一种情形检查 PATH（默认 ./datasets）在两个版本中的内容，各用其中的规则包。列出新增的、变差的、有变的、不再出现的发现。",
		"Compare the reports OLD and NEW, which gouji check -f json writes, or two revisions of git: then PATH, ./datasets by default, is checked as either revision holds it, with its own packs. Told is what is new, worse, changed and gone."}
	longDiffStatus = text{
		"退出状态：\n  0  没有达到 --fail-on 级别的新增或变差\n  1  有\n  2  用法、报告、规则包或数据有误\n  3  程序内部错误",
		"Exit status:\n  0  nothing new or worse at or above --fail-on\n  1  something\n  2  wrong usage, or a bad report, pack or data\n  3  internal fault"}
	flagDiffFailOn  = text{"新增或变差的达到何种 `LEVEL` 时退出状态为 1，\n默认 error：%s", "`LEVEL` of what is new or worse from which on the exit\nstatus is 1, default error: %s"}
	flagDiffAll     = text{"逐一列出，尾差和未能检查的也列出", "show every change, roundings too"}
	textNotCompared = text{"%s 不能比较", "%s cannot be compared"}
	textInRevision  = text{"版本 %s 中有 %d 个文件有误，没有比较", "in the revision %s, files with errors, not compared: %d"}
)
