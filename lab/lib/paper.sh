# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# ./hv paper: the PDF, and the README's table and figure, from result files.

paper_packages="texlive-latex-base texlive-latex-recommended texlive-pictures gnuplot-nox"

paper_help() {
	cat <<-EOF
	usage: ./hv paper [--results DIR] [--readme]

	Builds papers/kvm-hv.tex into build/paper/kvm-hv.pdf. Each table, each figure and each
	measured number in it is made from the benchmark's result files, exits.json and, if
	they are there, workloads.json and radix.json. Installs LaTeX and gnuplot (about 250 MB) on first use.

	  --results DIR  the result files to build from (default papers/results)
	  --readme       instead: writes the README's table and its figure, docs/exits.svg,
	                 anew from papers/results; needs gnuplot only
	EOF
}

figure() { # KIND FORM FILE MACHINES
	gnuplot -e "dir='$paper'; kind='$1'; form='$2'; out='$3'; machines='$4'" "$root/papers/figure.gp"
}

typeset() {
	figure main pdf "$paper/main.pdf" "power8 power9 power10" && figure priv pdf "$paper/priv.pdf" "power8 power9 power10" || return 1
	cp "$root/papers/kvm-hv.tex" "$root/papers/references.bib" "$paper/" && cd "$paper" || return 1
	tex="pdflatex -interaction=nonstopmode -halt-on-error kvm-hv"
	$tex && bibtex kvm-hv && $tex && $tex || return 1
	# a reference or a citation that is not there is no reason for LaTeX to fail
	! grep -E 'undefined (references|citations)|Citation .* undefined|Reference .* undefined' kvm-hv.log
}

# Between the README's two marks: what papers/generate.sh made.
write_readme() {
	figure main svg "$paper/exits.svg" power9 || return 1
	# in XML a comment has no two hyphens in a row
	echo "<!-- made by ./hv paper, for the README, from $(cat "$paper/figure.key") -->" >>"$paper/exits.svg"
	awk -v table="$paper/readme.md" '
		/^<!-- end of the table -->/ { skip = 0 }
		!skip
		/^<!-- table: / { skip = 1; n++; while ((getline line < table) > 0) print line }
		END { exit n != 1 || skip }' "$root/README.md" >"$paper/README.md" || {
		echo "README.md: no place for the table"
		return 1
	}
	cp "$paper/README.md" "$root/README.md" && cp "$paper/exits.svg" "$root/docs/exits.svg"
}

paper_parse() {
	results_dir=$root/papers/results readme=''
	while [ $# -gt 0 ]; do
		case $1 in
		--results) need_value "$1" $#; results_dir=$(realpath -m "$2"); shift ;;
		--readme) readme=1 ;;
		--help | -h) paper_help; exit 0 ;;
		*) usage_error "unknown option $1; see ./hv paper --help" ;;
		esac
		shift
	done
	"$root/papers/generate.sh" --check "$results_dir" || exit 1
	[ -z "$readme" ] || [ "$results_dir" = "$root/papers/results" ] ||
		usage_error "--readme is made from papers/results only"
}

cmd_paper() {
	paper_parse "$@"
	[ -n "$readme" ] && host_packages="$host_packages gnuplot-nox" || host_packages="$host_packages $paper_packages"
	ensure_lab
	paper=$build/paper
	rm -rf "$paper" && mkdir -p "$paper" || exit 1
	run "taking tables and figures from the results" "5 s" sh "$root/papers/generate.sh" \
		"$build/native/bench/hvbench/hvbench" "$results_dir" "$paper"
	if [ -n "$readme" ]; then
		run "writing the README's table and figure" "1 s" write_readme
	else
		run "typesetting the paper" "15 s" typeset
		echo "$paper/kvm-hv.pdf"
	fi
}
