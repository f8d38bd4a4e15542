package docx

import (
	"fmt"
	"strconv"
	"strings"
)

// numeral writes a number in one of the formats of numbering. Formats that reports do not use are written in digits.
func numeral(format string, n int) string {
	if n < 0 {
		return strconv.Itoa(n)
	}
	switch format {
	case "none", "bullet":
		return ""
	case "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting":
		return counted(n, []string{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"}, []string{"", "十", "百", "千"}, true)
	case "chineseLegalSimplified":
		return counted(n, []string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}, []string{"", "拾", "佰", "仟"}, false)
	case "ideographLegalTraditional":
		return counted(n, []string{"零", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖"}, []string{"", "拾", "佰", "仟"}, false)
	case "ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2":
		return digits(n, "〇一二三四五六七八九")
	case "ideographTraditional":
		return cycle(n, "甲乙丙丁戊己庚辛壬癸")
	case "ideographZodiac":
		return cycle(n, "子丑寅卯辰巳午未申酉戌亥")
	case "ideographZodiacTraditional":
		return cycle(n, "甲乙丙丁戊己庚辛壬癸") + cycle(n, "子丑寅卯辰巳午未申酉戌亥")
	case "decimalFullWidth", "decimalFullWidth2":
		return digits(n, "０１２３４５６７８９")
	case "decimalZero":
		return fmt.Sprintf("%02d", n)
	case "numberInDash":
		return fmt.Sprintf("- %d -", n)
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return letters(n)
	case "lowerLetter":
		return strings.ToLower(letters(n))
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		switch {
		case 1 <= n && n <= 20:
			return string(rune('①' + n - 1))
		case 21 <= n && n <= 35:
			return string(rune('㉑' + n - 21))
		case 36 <= n && n <= 50:
			return string(rune('㊱' + n - 36))
		}
	case "decimalEnclosedParen":
		if 1 <= n && n <= 20 {
			return string(rune('⑴' + n - 1))
		}
	case "decimalEnclosedFullstop":
		if 1 <= n && n <= 20 {
			return string(rune('⒈' + n - 1))
		}
	case "ideographEnclosedCircle":
		if 1 <= n && n <= 10 {
			return string(rune('㊀' + n - 1))
		}
	}
	return strconv.Itoa(n)
}

// counted writes a number below ten thousand in Chinese. short: ten has no one before it.
func counted(n int, digit, unit []string, short bool) string {
	if n == 0 {
		return digit[0]
	}
	if n > 9999 {
		return strconv.Itoa(n)
	}
	zero := "零"
	var out strings.Builder
	gap := false
	for power, value := 3, 1000; power >= 0; power, value = power-1, value/10 {
		d := n / value % 10
		switch {
		case d == 0:
			gap = out.Len() > 0
		default:
			if gap {
				out.WriteString(zero)
			}
			gap = false
			if !(short && d == 1 && power == 1 && out.Len() == 0) {
				out.WriteString(digit[d])
			}
			out.WriteString(unit[power])
		}
	}
	return out.String()
}

func digits(n int, of string) string {
	digit := []rune(of)
	var out strings.Builder
	for _, d := range strconv.Itoa(n) {
		out.WriteRune(digit[d-'0'])
	}
	return out.String()
}

func cycle(n int, of string) string {
	if n < 1 {
		return strconv.Itoa(n)
	}
	signs := []rune(of)
	return string(signs[(n-1)%len(signs)])
}

// letters are A to Z, then AA, BB.
func letters(n int) string {
	if n < 1 || n > 26*26 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var out strings.Builder
	for _, d := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.value; n -= d.value {
			out.WriteString(d.sign)
		}
	}
	return out.String()
}
