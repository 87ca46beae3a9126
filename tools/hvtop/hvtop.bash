# SPDX-License-Identifier: GPL-2.0
# bash completion for hvtop

_hvtop() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words
	COMPREPLY=()
	case $prev in
	-d | -n) return ;;
	-o)	# the help's last part: all columns but the first can be sorted by, the unit may be left out
		words=$(hvtop --help 2>/dev/null | sed -n '/^  VMM /,$s/^  \([^ ]*\) .*/\1/p' | sed 1d)
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
		;;
	--replay | --openmetrics)
		compopt -o default
		return
		;;
	-p)
		mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && printf '%s ' [0-9]*)" -- "$cur")
		return
		;;
	esac
	words=$(hvtop --help 2>/dev/null | sed -n '/^Keys/q; /^  -/p' | grep -oE -- '(^| )--?[A-Za-z]+')
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _hvtop hvtop
