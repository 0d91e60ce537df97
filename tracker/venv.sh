# Sourced by start and test, in POSIX sh: leaves a .venv with the packages of one lock file in it.
# Needs only Python 3.11 or newer.

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Tracker needs Python 3.11 or newer, and none was found. Install it and try again." >&2
    exit 1
}

make_venv() {
    echo "Making .venv with $("$1" --version) ..."
    if ! "$1" -m venv --clear .venv; then
        echo "Python could not make .venv (on Debian and Ubuntu, install python3-venv)." >&2
        exit 1
    fi
}

# install LOCKFILE: does nothing if the file is what was installed last.
install() {
    if ! [ -x .venv/bin/python ] || ! new_enough .venv/bin/python; then
        python=$(find_python)
        make_venv "$python"
    fi
    stamp=".venv/installed-$1"
    wanted=$(cksum <"$1")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return
    fi
    echo "Installing the packages of $1 ..."
    # Compiled when first used: half of what is installed here never is.
    if ! .venv/bin/python -m pip install -qq --no-input --disable-pip-version-check \
        --no-compile --require-hashes -r "$1"; then
        echo "The packages of $1 could not be installed; the lines above say why." >&2
        exit 1
    fi
    echo "$wanted" >"$stamp"
}
