package store

import "github.com/gouji/gouji/engine/words"

// text is a phrase in both languages. This file holds every one of the package's own but for the help on kinds.
type text struct{ ZH, EN string }

func errorf(t text, args ...any) error { return words.Errorf(words.Text(t), args...) }

var (
	textNoDatabase   = text{"不是 SQLite 数据库", "is no SQLite database"}
	textOtherVersion = text{"其中的结果表是第 %d 版，这个 gouji 只认第 %d 版；请写入另一个库，或换用写它的 gouji", "its tables of results are of version %d, and this gouji knows version %d; write to another database, or use the gouji that wrote it"}
	textOtherTables  = text{"其中已有同名的表或视图，不是 gouji 的；请写入另一个库（PostgreSQL 也可用 ?search_path=模式名）", "it holds tables or views of the same names that are not gouji's; write to another database, or in PostgreSQL to another schema with ?search_path=NAME"}
	textBusy         = text{"另一个程序正在写这个数据库", "another program is writing to this database"}
	textDamaged      = text{"数据库已损坏", "the database is damaged"}
	textAppeared     = text{"运行期间出现了这个文件，没有覆盖它；请再运行一次", "the file appeared in the meantime and was not overwritten; run it again"}
	textBadAddress   = text{"这个地址无法理解；写作 postgres://用户@主机:端口/数据库，密码中的特殊字符写作 %%XX，也可放在 PGPASSWORD 中", "this address is not understood; write postgres://USER@HOST:PORT/DATABASE, special characters of a password as %%XX, or put the password into PGPASSWORD"}
	textNoServer     = text{"连不上服务器：%s", "the server cannot be reached: %s"}
	textNoHost       = text{"连不上服务器：没有名为 %s 的主机", "the server cannot be reached: there is no host %s"}
	textRefused      = text{"服务器拒绝：%s", "the server refuses: %s"}
	textServerFull   = text{"服务器的磁盘已满", "the disk of the server is full"}
	textLost         = text{"与服务器的连接断了", "the connection to the server is lost"}
	textNoSchema     = text{"search_path 指的模式不存在；先在服务器上 CREATE SCHEMA", "the schema in search_path does not exist; CREATE SCHEMA on the server first"}
	textIsFile       = text{"是文件；Parquet 结果写入文件夹，每次运行一个子文件夹", "is a file; results in Parquet go into a folder, one folder a run"}
	textOtherFolder  = text{"文件夹中有别的文件（%s）；请写入空文件夹或新文件夹", "the folder holds something else, %s; write to an empty or a new folder"}
)
