#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The paper without LaTeX: what is made from result files, and that nothing in the paper
# or in the README is typed by hand or out of date. With LaTeX installed the PDF as well.
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

root=$(dirname "$HV")
papers=$root/papers
hvbench=$root/build/native/bench/hvbench/hvbench

generate() { # RESULTS OUT
	sh "$papers/generate.sh" "$hvbench" "$1" "$2" >out 2>err </dev/null
	status=$?
}

# A run of two samples: BACKEND MACHINE "NAME TICKS OUTCOME"...
run_of() { # BACKEND
	cat <<-END
	{"suite": "$suite", "date": "2001-02-03T04:05:06Z", "boot": "b-$1", "run": 1, "machine": "power9", "backend": "$1",
	 "mitigations": "off", "emulated": true, "timebase_hz": 512000000, "instructions_per_tick": 1.953125,
	 "environment": {"kernel": "6.0_test", "tracing": "off"}, "rows": [
	END
}
row() { echo "{\"row\": \"$1\", \"unit\": \"$2\", \"counts\": [512, 512], \"ticks\": [$3, $3]}$4"; }

fixture() { # DIR
	mkdir -p "$1"
	suite=exits
	{
		echo '{"schema": "kvm-hv-bench", "version": 1, "runs": ['
		run_of hv; row H_ENTER call 262144 ,; row mfmsr instruction 1024 ,; row page-fault fault 1048576 ,
		echo '{"row": "tlbie", "unit": "instruction", "skipped": "the guest may not"}]},'
		run_of stock; row H_ENTER call 1310720 ,; row mfmsr instruction 1024 ,; row page-fault fault 524288 ']},'
		run_of pr; row H_ENTER call 786432 ,; row mfmsr instruction 524288 ']},'
		suite=switches
		run_of hv; echo '{"row": "boot-switches", "unit": "boot", "counts": [1], "switches": [4321]}]}]}'
	} >"$1/exits.json"
	suite=workloads
	{
		echo '{"schema": "kvm-hv-bench", "version": 1, "runs": ['
		run_of hv; row fork child 26214400 ']}]}'
	} >"$1/workloads.json"
}

# Of each \KIND{A}{B}..., the key under which generate.sh defines it. What \switches shows may be missing.
keys() {
	sed '/^%/d' "$papers/kvm-hv.tex" | tr '\n' ' ' | grep -oE '\\((val|ratio|rows)(\{[^{}#]+\}){4}|limit(\{[^{}#]+\}){2})' | sort -u |
		sed 's/^\\val{/{/; s/^\\rows{/{/; s/^\\ratio{/{ratio}{/; s/^\\limit{/{limit}{/; s/}{/:/g; s/[{}]//g'
}

cites() { sed '/^%/d' "$papers/kvm-hv.tex" | tr '\n' ' ' | grep -oE '\\cite\{[^}]*\}' | sed 's/.*{//; s/}//' | tr ',' '\n' | sort -u; }
entries() { sed -n 's/^@[a-z]*{\(.*\),$/\1/p' "$papers/references.bib" | sort; }

# Numbers that are not names (POWER8, H_..., ISA 3.0, r13, years) and not a macro's argument.
typed_numbers() {
	sed -n '/begin{document}/,$p' "$papers/kvm-hv.tex" |
		sed 's/^%.*//; /^\\begin{tikzpicture}/,/^\\end{tikzpicture}/d; /^\\draw\|^\\node/d
			s/\\\(val\|ratio\|rows\|limit\|fulltable\|includegraphics\|resizebox\|setlength\)\(\[[^]]*\]\)\{0,1\}\({[^{}]*}\)*//g
			s/\(19\|20\)[0-9][0-9]//g; s/95\\,\\%//g; s/1\\,\\%//g; s/ISA~3\.0//g; s/p{[^}]*}//g' |
		grep -nE '[0-9]{3,}|[0-9][.,][0-9]|[0-9]\\,\\%|[0-9](~| )*(instructions|cycles|times|percent)'
}

between_marks() { sed -n '/^<!-- table: /,/^<!-- end of the table -->/p' "$root/README.md" | sed '1d;$d'; }

hv paper --help
ok "paper --help: status 0" status_is 0
hv paper --frob
ok "an unknown option: status 2" status_is 2
mkdir -p empty
hv paper --results empty
ok "no results: status 1" status_is 1
ok "no results: one line" one_line
ok "no results: says which" err_has exits.json
ok "no results: says how to make it" err_has "./hv bench --suite exits"

fixture small
generate small made
ok "a small result file: status 0" status_is 0
value() { grep -qxF "\\hvdef{$1}{$2}" made/values-exits.tex; }
ok "median in instructions" value power9:off:hv:H_ENTER 1,000
ok "ratio to ours" value ratio:power9:off:stock:H_ENTER 5.0
ok "small values keep a digit" value power9:off:hv:mfmsr 3.9
ok "rows in which ours needs less than stock" value less:power9:off:stock 1
ok "... more" value more:power9:off:stock 1
ok "... the same" value same:power9:off:stock 1
ok "partition switches of a boot" value power9:off:hv:boot-switches 4,321
ok "what watching may cost" grep -qxF "\\hvdef{limit:records:hcall-user}{$(sed -n 's/^hcall-user records //p' "$root/bench/limits")}" made/values-limits.tex
ok "what is worse is listed" grep -q 'stock & \\texttt{page-fault} & 4,000 & 2,000 & 0.50' made/worse-off.tex
ok "... and nothing else" [ "$(grep -c texttt made/worse-off.tex)" -eq 1 ]
ok "what did not run is listed" grep -q 'texttt{tlbie} & ours & 9 & the guest may not' made/skipped.tex
# shellcheck disable=SC2016
ok "the README's table" grep -qxF '| `H_ENTER` | 1,000 | 5,000 | 3,000 |' made/readme.md
ok "... and none of mitigations that there are no results of" [ "$(grep -c '^| |' made/readme.md)" -eq 1 ]
ok "a figure's data" grep -qxF '"H_ENTER" 1000 1000 1000 5000 5000 5000 3000 3000 3000' made/main-power9.dat
ok "workloads" grep -q 'texttt{fork} (child) & 100,000' made/workloads.tex
ok "no cycles counted: nothing said of them" [ ! -e made/cycles.tex ]
ok "what a row counts, by hvbench rows" grep -q '^\\texttt{H\\_READ} & H\\_READ of one entry' made/rows.tex
ok "... and there are all of them" [ "$(grep -c '^.texttt' made/rows.tex)" -eq "$("$hvbench" rows | grep -c '^  ')" ]
ok "workloads with intervals" grep -q 'texttt{fork} & 100,000 & {.scriptsize.100,000, 100,000' made/work-power9-off.tex
ok "no results of a radix host: nothing of it" [ ! -e made/values-radix.tex ]
ok "provenance, as LaTeX wants it" grep -qF '6.0\_test' made/environment.tex

cp small/exits.json small/radix.json
generate small radix
ok "with results of a radix host: status 0" status_is 0
ok "... its rows" grep -q 'texttt{H._ENTER} & 1,000 .* & 5,000 ' radix/radix-off.tex
ok "... under names of their own" grep -qxF "\\hvdef{radix:more:power9:off:stock}{1}" radix/values-radix.tex
ok "... which the others leave alone" cmp made/values-exits.tex radix/values-exits.tex
rm small/radix.json

rm small/workloads.json
generate small less
ok "without workloads: status 0" status_is 0
ok "... says so" err_has "./hv bench --suite workloads"
ok "... and no table of them" [ ! -e less/workloads.tex ]

cites >cites.txt; entries >entries.txt
ok "every citation has an entry" [ -z "$(comm -23 cites.txt entries.txt)" ]
ok "every entry is cited" [ -z "$(comm -13 cites.txt entries.txt)" ]
typed_numbers >typed
ok "no measured number typed by hand" [ ! -s typed ]
[ ! -s typed ] || sed 's/^/# /' typed

"$hvbench" compare "$papers/results/exits.json" "$papers/results/exits-again.json" >again
ok "two runs' results agree within 1 %: $(tail -n 1 again)" grep -q ' 0 worse, 0 better by more than 1 %, 0 in one file only$' again
# shellcheck disable=SC2016
ok "... each median of instructions" awk '$1 != "boot-switches" && $4 ~ /%$/ { c = $4 + 0; n++; if (c > 1 || c < -1) far++ } END { exit n < 500 || far }' again

"$hvbench" compare "$papers/results/workloads.json" "$papers/results/workloads-again.json" >again
ok "two runs of whole workloads agree within 1 %: $(tail -n 1 again)" grep -q '^128 rows: 0 worse, 0 better by more than 1 %, 0 in one file only$' again
# shellcheck disable=SC2016
ok "... each median" awk '$4 ~ /%$/ { c = $4 + 0; n++; if (c > 1 || c < -1) far++ } END { exit n != 128 || far }' again

generate "$papers/results" paper
ok "the repository's results: status 0" status_is 0
keys >keys.txt
cat paper/values-*.tex >values
ok "the text refers to results" [ -s keys.txt ]
while read -r k; do grep -qF "\\hvdef{$k}{" values || echo "$k"; done <keys.txt >unknown
ok "... all of which exist" [ ! -s unknown ]
[ ! -s unknown ] || sed 's/^/# /' unknown
between_marks >table
ok "README.md: its table is that of the results (./hv paper --readme)" cmp table paper/readme.md
ok "docs/exits.svg is XML, or no browser shows it" python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$root/docs/exits.svg"
ok "docs/exits.svg: it is made from the results (./hv paper --readme)" grep -qF "$(cat paper/figure.key)" "$root/docs/exits.svg"

if command -v pdflatex >/dev/null && command -v gnuplot >/dev/null; then
	hv paper
	ok "the PDF, as LaTeX is installed" status_is 0
	ok "... is there" [ -s "$root/build/paper/kvm-hv.pdf" ]
	ok "... and no line, table or page is too long by 10 pt" [ "$(grep -c '^Overfull .*([0-9][0-9][0-9]*\.' "$root/build/paper/kvm-hv.log")" = 0 ]
else
	count=$((count + 1))
	echo "ok $count - the PDF # SKIP no LaTeX here; ./hv paper installs it"
fi

# A README whose table has no end keeps what is behind it.
# shellcheck source=../../lab/lib/paper.sh
. "$root/lab/lib/paper.sh"
# shellcheck disable=SC2034,SC2317 # for write_readme
rewritten() ( # LINE...
	figure() { :; }
	root=$PWD/readme paper=$PWD/made
	mkdir -p readme/docs && : >made/exits.svg && printf '%s\n' "$@" >readme/README.md && write_readme >/dev/null
)
ok "--readme writes the table" rewritten before '<!-- table: x -->' old '<!-- end of the table -->' behind
ok "... between its marks" [ "$(head -n 3 readme/README.md | tail -n 1; tail -n 2 readme/README.md)" = "$(head -n 1 made/readme.md; printf '<!-- end of the table -->\nbehind')" ]
ok "--readme without the second mark: refused" [ "$(rewritten before '<!-- table: x -->' old behind || echo no)" = no ]
ok "... and nothing is lost" grep -qx behind readme/README.md
finish
