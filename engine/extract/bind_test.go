package extract

import (
	"os"
	"testing"

	"github.com/gouji/gouji/engine/dataset"
	"github.com/gouji/gouji/engine/rule"
	"github.com/gouji/gouji/rules"
)

func TestTry(t *testing.T) {
	r := labelled(t, "../../../shared/seed/report.txt", "../../../shared/seed/figures.csv")
	pack, list, err := rule.Load(rules.Packs, "juesuan", "juesuan", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		t.Error(d)
	}
	h := dataset.Header{Entity: "内蒙古自治区鄂尔多斯市科技事业服务中心", Period: "2023", Pack: "juesuan"}
	os.WriteFile("/tmp/h/bind/out.yaml", Data(r, pack, h, ShippedWords()), 0o644)
}
