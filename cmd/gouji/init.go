package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/finding"
	"github.com/gouji/gouji/engine/git"
	"github.com/gouji/gouji/engine/jsonschema"
)

// starter holds the files that gouji init writes, with words in capitals to be replaced.
//
//go:embed starter
var starter embed.FS

const (
	// exampleFile is the dataset, below the folder of datasets.
	exampleFile = "示例单位/2024.yaml"
	// schemaPath is the JSON Schema by which editors check datasets; names with a dot are not read as datasets.
	schemaPath = ".gouji/" + dataset.DefaultPack + ".schema.json"

	githubFile       = ".github/workflows/gouji.yaml"
	gitlabFile       = ".gitlab-ci.yml"
	gitlabBesideFile = ".gitlab/gouji.gitlab-ci.yml"
)

func initCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: a.say(shortInit),
		Long:  a.say(longInit),
		Args:  a.argCount(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return a.initialize(c.Context(), dir)
		},
	}
}

// initialize makes a folder a repository of data, adding what it lacks and changing nothing that is there.
func (a *app) initialize(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	repo, err := git.Open(ctx, dir)
	if errors.Is(err, git.ErrNoRepository) {
		if err := git.Init(ctx, dir); err != nil {
			return a.gitTrouble(err)
		}
		repo, err = git.Open(ctx, dir)
	}
	if err != nil && !errors.Is(err, git.ErrNoProgram) {
		return a.gitTrouble(err)
	}
	if err := a.addData(dir); err != nil {
		return err
	}
	if repo == nil {
		// Data can be checked without git; the rest cannot be set up.
		a.tell(a.say(textNoGit), a.say(hintNoGit))
		return nil
	}
	data, ok := repo.Path(filepath.Join(dir, datasetsFolder))
	if !ok {
		return a.problem(textOutside, dir)
	}
	if err := a.addHook(ctx, repo, data); err != nil {
		return err
	}
	if err := a.addCI(ctx, repo, data); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, a.say(textInitialized))
	return nil
}

// addData adds an example, where there are no datasets yet, and the schema by which editors check them.
func (a *app) addData(dir string) error {
	schema, err := a.jsonSchema(jsonschema.Kinds()[0], "")
	if err != nil {
		return err
	}
	if err := a.add(filepath.Join(dir, filepath.FromSlash(schemaPath)), schema); err != nil {
		return err
	}
	folder := filepath.Join(dir, datasetsFolder)
	if entries, err := os.ReadDir(folder); err == nil && len(entries) > 0 {
		a.kept(folder)
		return nil
	}
	// The path of the schema counts from the dataset.
	up := strings.Repeat("../", 1+strings.Count(exampleFile, "/"))
	example, err := starterFile("dataset.yaml", "SCHEMA", up+schemaPath)
	if err != nil {
		return err
	}
	return a.add(filepath.Join(folder, filepath.FromSlash(exampleFile)), example)
}

// addHook installs the hook. One that is there stays, with a word on what to do about it where it checks something else.
func (a *app) addHook(ctx context.Context, repo *git.Repository, data string) error {
	o := hookFlags{failOn: finding.Error.String()}
	checked := "hook run"
	if data != datasetsFolder {
		o.data = []string{filepath.Join(repo.Root, filepath.FromSlash(data))}
		checked = "--data " + shellQuote(data)
	}
	dir, err := repo.Hooks(ctx)
	if err != nil {
		return a.gitTrouble(err)
	}
	file := filepath.Join(dir, hookName)
	old, ours, err := readHook(file)
	if err != nil {
		return err
	}
	if ours {
		a.kept(file)
		if script := string(old); !strings.Contains(script, checked) || data == datasetsFolder && strings.Contains(script, "--data") {
			a.tell(a.sayf(textHookElsewhere, data), a.sayf(hintHookElsewhere, shellQuote(data)))
		}
		return nil
	}
	err = a.installHook(ctx, repo, &o)
	var p *problem
	if errors.As(err, &p) {
		a.tell(p.text, p.hint)
		return nil
	}
	return err
}

// addCI adds the file of the CI service that the repository's remote, or what lies in it, tells.
func (a *app) addCI(ctx context.Context, repo *git.Repository, data string) error {
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(repo.Root, filepath.FromSlash(name)))
		return err == nil
	}
	remotes, err := repo.Remotes(ctx)
	if err != nil {
		return a.gitTrouble(err)
	}
	github, gitlab := has(path.Dir(githubFile)), has(gitlabFile)
	for _, remote := range remotes {
		host := hostOf(remote)
		github, gitlab = github || strings.Contains(host, "github"), gitlab || strings.Contains(host, "gitlab")
	}
	names := []string{"VERSION", releaseVersion(), "DATA", shellQuote(data)}
	if github {
		content, err := starterFile("github.yaml", names...)
		if err != nil {
			return err
		}
		if err := a.add(filepath.Join(repo.Root, filepath.FromSlash(githubFile)), content); err != nil {
			return err
		}
	}
	if gitlab {
		content, err := starterFile("gitlab.yaml", names...)
		if err != nil {
			return err
		}
		file := gitlabFile
		if old, err := os.ReadFile(filepath.Join(repo.Root, gitlabFile)); err == nil && !strings.HasPrefix(string(old), "gouji:") {
			file = gitlabBesideFile
			if !strings.Contains(string(old), gitlabBesideFile) {
				a.tell(a.sayf(textInclude, gitlabFile, gitlabBesideFile), "")
			}
		}
		if err := a.add(filepath.Join(repo.Root, filepath.FromSlash(file)), content); err != nil {
			return err
		}
	}
	if !github && !gitlab {
		a.tell(a.say(textNoCI), a.say(hintNoCI))
	}
	return nil
}

// add writes a file, unless there is one.
func (a *app) add(file string, content []byte) error {
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		a.kept(file)
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	if err := writeBeside(file, content, 0o666); err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, a.sayf(textAdded, shown(file)))
	return nil
}

// kept tells that something is there already.
func (a *app) kept(file string) { fmt.Fprintln(a.stdout, a.sayf(textKept, shown(file))) }

// starterFile is a file of starter; words stand in pairs, what is replaced and by what.
func starterFile(name string, words ...string) ([]byte, error) {
	content, err := starter.ReadFile("starter/" + name)
	return []byte(strings.NewReplacer(words...).Replace(string(content))), err
}

// hostOf is the host of a remote: of a URL, or of the short form user@host:path.
func hostOf(remote string) string {
	if u, err := url.Parse(remote); err == nil && strings.Contains(remote, "://") {
		return strings.ToLower(u.Hostname())
	}
	host, _, ok := strings.Cut(remote, ":")
	if !ok || strings.Contains(host, "/") {
		return ""
	}
	return strings.ToLower(host[strings.LastIndexByte(host, '@')+1:])
}

// releaseVersion is the version that others can install: this one when it is a release, else the latest.
func releaseVersion() string {
	if v := buildVersion(); regexp.MustCompile(`^v\d+\.\d+\.\d+$`).MatchString(v) {
		return v
	}
	return "latest"
}
