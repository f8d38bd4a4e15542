// Package words holds the shape of every message: a text in both languages. Each package that speaks to people keeps its
// texts in tables of this shape, and the test of this package reads all of them.
package words

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// Text is a phrase, or a format of package fmt, in both languages.
type Text struct{ ZH, EN string }

// In is the phrase in one language: Chinese for "zh", else English.
func (t Text) In(lang string) string {
	if lang == "zh" {
		return t.ZH
	}
	return t.EN
}

// Format fills the phrase in one language.
func (t Text) Format(lang string, args ...any) string {
	return fmt.Sprintf(t.In(lang), Spoken(lang, args)...)
}

// Spoken are the arguments of a phrase in its language: those that speak both, and errors of the system in words.
func Spoken(lang string, args []any) []any {
	args = slices.Clone(args)
	for i, a := range args {
		switch a := a.(type) {
		case Speaker:
			args[i] = a.In(lang)
		case error:
			args[i] = Explain(a, lang)
		}
	}
	return args
}

// Speaker is what speaks both languages: a Text, or an Error.
type Speaker interface{ In(lang string) string }

// Error is an error in both languages.
type Error struct {
	Text Text
	Args []any
}

// Errorf is an error worded by a text.
func Errorf(t Text, args ...any) *Error { return &Error{t, args} }

// Error is the error in English.
func (e *Error) Error() string { return e.In("en") }

// In is the error in one language.
func (e *Error) In(lang string) string { return e.Text.Format(lang, e.Args...) }

// Explain words an error in one language: an Error, or an error of the operating system. Those of other libraries say what
// they say.
func Explain(err error, lang string) string {
	if s, ok := err.(Speaker); ok {
		return s.In(lang)
	}
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return r.text.In(lang)
		}
	}
	var own *Error
	if errors.As(err, &own) {
		return own.In(lang)
	}
	return err.Error()
}

// reasons are the errors of operating systems that users meet.
var reasons = []struct {
	err  error
	text Text
}{
	{fs.ErrNotExist, Text{"没有这个文件或文件夹", "no such file or folder"}},
	{fs.ErrPermission, Text{"没有权限", "permission denied"}},
	{fs.ErrExist, Text{"已有同名的文件或文件夹", "a file or folder of that name exists"}},
	{syscall.ELOOP, Text{"符号链接循环", "the links lead in a circle"}},
	{syscall.EISDIR, Text{"是文件夹", "is a folder"}},
	{syscall.ENOTDIR, Text{"路径中有一段不是文件夹", "a part of the path is no folder"}},
	{syscall.ENOSPC, Text{"磁盘已满", "the disk is full"}},
	{syscall.EPIPE, Text{"接收的一方已经关闭，没有写完", "nobody reads it any more; it is not complete"}},
	{syscall.EDQUOT, Text{"磁盘配额已用完", "the disk quota is used up"}},
	{syscall.ENAMETOOLONG, Text{"名称太长", "the name is too long"}},
	{syscall.EROFS, Text{"磁盘只读", "the disk is read-only"}},
	{syscall.EMFILE, Text{"打开的文件太多", "too many files are open"}},
	{syscall.EIO, Text{"读写磁盘出错", "the disk cannot be read or written"}},
	{syscall.EINVAL, Text{"名称或操作无效", "the name or what was asked for is invalid"}},
	{syscall.ETXTBSY, Text{"程序正在运行，不能改写", "the program is running and cannot be overwritten"}},
	{syscall.ECONNREFUSED, Text{"没有服务在听这个端口", "nothing listens on the port"}},
	{os.ErrDeadlineExceeded, Text{"等待超时", "it took too long"}},
	{io.ErrUnexpectedEOF, Text{"文件不完整", "the file is cut off"}},
	{io.ErrShortWrite, Text{"没有写完", "it was not written whole"}},
}
