# SPDX-License-Identifier: GPL-2.0
# bash completion for ./hv: source this file

_hv() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} i dir words=
	COMPREPLY=()
	dir=$(dirname "${COMP_WORDS[0]}")
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != -- ]] || { compopt -o default; return; }
	done
	case $prev in
	--machine) words='power8 power9 power10' ;;
	--backend)
		words='hv stock'
		[[ ${COMP_WORDS[1]} == guest ]] || words+=' pr'
		case ${COMP_WORDS[1]} in exec | shell) words+=' none' ;; esac ;;
	--mitigations) words='off auto' ;;
	--suite) words='exits dall switches workloads all' ;;
	--firmware) words='slof vof' ;;
	--kernel) words='stock lab'; [[ ${COMP_WORDS[1]} == bench ]] || words+=' 4k' ;;
	--results) compopt -o dirnames; return ;;
	--put | --against | --output) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	--cpus | --vcpus | --machine-opt | --accel-opt | --mem | --append | --qemu-arg | --get | --timeout | --boots) return ;;
	*)
		case ${COMP_WORDS[1]} in
		"$cur") words=$("${COMP_WORDS[0]}" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p') ;;
		exec | shell | guest | bench | paper)
			words=$("${COMP_WORDS[0]}" "${COMP_WORDS[1]}" --help | grep -o '^  --[a-z-]*')' --help'
			case ${COMP_WORDS[1]} in exec | shell | guest) words+=' --' ;; esac ;;
		demo | top) words='--machine --help' ;;
		test) words="--quick --machine --help $(cd "$dir/tests" && basename -s .sh hv/*.sh lab/*.sh)" ;;
		trace)
			words='record stat report script diff timeline export --help'
			if ((COMP_CWORD > 2)); then	# as hvtrace's own
				. "$dir/tools/hvtrace/hvtrace.bash"
				COMP_WORDS=(hvtrace "${COMP_WORDS[@]:2}") COMP_CWORD=$((COMP_CWORD - 1))
				PATH=$PATH:$dir/build/native/tools/hvtrace _hvtrace
				return
			fi ;;
		esac ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _hv hv ./hv
