# SPDX-License-Identifier: GPL-2.0
# bash completion for hvbench

_hvbench() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'run show compare merge rows workloads marks --help --version' -- "$cur")
		return
	fi
	case $prev in
	-f | --format) mapfile -t COMPREPLY < <(compgen -W 'text markdown csv' -- "$cur"); return ;;
	--suite) mapfile -t COMPREPLY < <(compgen -W 'exits dall' -- "$cur"); return ;;
	--type) mapfile -t COMPREPLY < <(compgen -W 'hv pr any' -- "$cur"); return ;;
	--rows)
		mapfile -t COMPREPLY < <(compgen -W "$(hvbench rows 2>/dev/null | sed -n 's/^  \([^ ]*\) .*/\1/p')" -- "$cur")
		return
		;;
	-l | --limits | -o | --output | --payload | --hvrun) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	--samples | --runs | -t | --tolerance | -b | --backend | --machine | --about) return ;;
	esac
	case $cur in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "$(hvbench "${COMP_WORDS[1]}" --help 2>/dev/null | grep -o -- '--[a-z]*')" -- "$cur")
		;;
	*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}
complete -F _hvbench hvbench
