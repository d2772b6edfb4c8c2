#!/usr/bin/env bash
# ccache.sh CHECKOUT COMPILER ARGUMENT…: runs the compiler through ccache, so that a fresh clone
# (CI, a second worktree) finds what another one compiled. Without ccache it just runs the compiler.
#
# What stands in the way is the precompiled header: clang writes absolute paths into it, and every
# object depends on its bytes. So the header is compiled per checkout, and beside it goes a .sum of
# what it was made from instead of where; ccache hashes that (CCACHE_PCH_EXTSUM). For everything
# else, paths inside the checkout become relative to the build folder.
set -o pipefail
checkout=$1
shift

command -v ccache >/dev/null || exec "$@"

# A .pch does not say which macros and which __TIME__ went into it; cache it nevertheless.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

# write_pch_sum ARGUMENT…: from the contents of all its headers (the dependency file names them) and
# the command line, both without the checkout's path.
write_pch_sum()
{
    local argument previous='' output='' dependencies=''
    for argument; do
        case $previous in
        -o) output=$argument ;;
        -MF) dependencies=$argument ;;
        esac
        previous=$argument
    done
    {
        printf '%s\n' "${@//"$checkout"/}"
        sed -e '1s/^[^:]*://' -e 's/ *\\$//' "$dependencies" | xargs sha256sum | cut -d ' ' -f 1
    } | sha256sum >"$output.sum"
}

if [[ " $* " == *" -emit-pch "* ]]; then
    ccache "$@" && write_pch_sum "$@"
    exit
fi

if [[ $PWD == "$checkout"/build/* ]]; then
    export CCACHE_BASEDIR=$checkout CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 CCACHE_ABSSTDERR=1
    # ccache itself makes -I, -o and the source relative, but not what -Xclang takes, nor this map.
    set -- "${@/#"$PWD"\//}"
    set -- "${@/#-ffile-prefix-map="$checkout"\/=/-ffile-prefix-map=../../=}"
fi
exec ccache "$@"
