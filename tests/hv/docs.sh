#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The documentation: links lead somewhere, places in the code that it names exist.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.inc"

scratch=$PWD
cd "$(dirname "$HV")" || exit 1
find . \( -path ./build -o -name .git \) -prune -o -name '*.md' -print | sort >"$scratch/pages"

# The names that a page's headings have in links
headings() { # FILE
	sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-'
}

dead_links() {
	while read -r page; do
		grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//' | grep -v '^https\?:' | while read -r link; do
			file=$page
			[ -z "${link%%#*}" ] || file=$(dirname "$page")/${link%%#*}
			[ -e "$file" ] || { echo "$page: $link"; continue; }
			case $link in *\#*) headings "$file" | grep -qxF -- "${link#*\#}" || echo "$page: $link" ;; esac
		done
	done <"$scratch/pages"
}

# `file` or `file: name, name`: is it there, in the root folder or in that of the module?
named() { # PAGE, a line each on stdin
	while read -r span; do
		echo "$span" >>"$scratch/spans"
		file=$1
		for f in "${span%%:*}" "kvm-hv/${span%%:*}"; do [ ! -e "$f" ] || file=$f; done
		[ "$file" != "$1" ] || { echo "$1: no ${span%%:*}"; continue; }
		case $span in *:*) echo "${span#*:}" | tr -s ', ' '\n' | sed '/^$/d' ;; esac | while read -r name; do
			grep -qw -- "$name" "$file" || echo "$1: no $name in $file"
		done
	done
}

# shellcheck disable=SC2016 # Markdown's quotes
spans() { grep -oE '`[^`]+`' | tr -d '`'; }

# Paths below our folders anywhere; FILE: NAME anywhere; in the rules' last column, which says where, any file.
lost_places() {
	folders=$(find . -mindepth 1 -maxdepth 1 -type d ! -name '.*' ! -name build -printf '%f|')
	while read -r page; do
		{
			spans <"$page" | grep -E "^(${folders%|})/[A-Za-z0-9_./-]+\$"
			spans <"$page" | grep -E '^[A-Za-z0-9_./-]+\.[chS]: [a-z_]'
		} | named "$page"
	done <"$scratch/pages"
	awk -F'|' 'NF > 2 { print $(NF - 1) }' docs/hardware-rules.md | spans | grep -E '^[A-Za-z0-9_./-]+\.[chS]$' | named docs/hardware-rules.md
}

dead_links >"$scratch/dead"
lost_places >"$scratch/lost"
cd "$scratch" || exit 1
ok "there are pages" [ "$(wc -l <pages)" -gt 10 ]
ok "links lead somewhere" [ ! -s dead ]
ok "they name places in the code" [ "$(wc -l <spans)" -gt 100 ]
ok "which exist" [ ! -s lost ]
sed 's/^/# /' dead lost
finish
