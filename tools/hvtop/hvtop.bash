# SPDX-License-Identifier: GPL-2.0
# bash completion for hvtop

_hvtop() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	case $prev in
	-d | -n) return ;;
	-o)
		mapfile -t COMPREPLY < <(compgen -W 'pid vcpu exits/s hcall/s sw/s gst% hv% usr% idl% lpid' -- "$cur")
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
	mapfile -t COMPREPLY < <(compgen -W '-b -d -n -o -p --json --openmetrics --replay --help --version' -- "$cur")
}
complete -F _hvtop hvtop
