# SPDX-License-Identifier: GPL-2.0
# bash completion for hvrun

_hvrun() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	case $prev in
	-t | --type) mapfile -t COMPREPLY < <(compgen -W 'any hv pr' -- "$cur"); return ;;
	-r | --reg | -s | --show)
		mapfile -t COMPREPLY < <(compgen -W "$(hvrun --list-regs 2>/dev/null)" -- "$cur")
		return
		;;
	--peer | -m | --mem | -o | --hpt-order | -c | --cpus | -p | --threads | -T | --time-limit | -S | --stress) return ;;
	esac
	case $cur in
	-*) mapfile -t COMPREPLY < <(compgen -W "$(hvrun --help 2>/dev/null | grep -o -- '--[a-z-]*')" -- "$cur") ;;
	*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}
complete -F _hvrun hvrun
