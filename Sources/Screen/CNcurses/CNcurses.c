#define _GNU_SOURCE
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include "CNcurses.h"

#include <langinfo.h>
#include <locale.h>
#include <ncursesw/curses.h>
#include <ncursesw/term.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#undef columns  // term.h defines short names of capabilities
#undef lines

enum { RUN = 512 };

static SCREEN *screen;
static FILE *input_file, *output_file;
static int cursor_row = -1, cursor_column, cursor_shown = -1;

static FILE *open_copy(int descriptor, const char *mode) {
    int copy = dup(descriptor);
    if (copy < 0) return NULL;
    FILE *file = fdopen(copy, mode);
    if (!file) close(copy);
    return file;
}

static void close_files(void) {
    if (input_file) fclose(input_file);
    if (output_file) fclose(output_file);
    input_file = output_file = NULL;
}

// Modes and capabilities that every entry into the screen needs.
static void set_modes(void) {
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    typeahead(-1);  // or a key pressed in between cuts a frame in two
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    idcok(stdscr, FALSE);  // what deleting characters pulls in at the right has another background on some terminals
    keypad(stdscr, TRUE);
}

int cn_start(const char *type, int input, int output, int escape_delay_ms) {
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct sigaction before[4];
    if (screen) return -2;
    for (int i = 0; i < 4; i++) sigaction(signals[i], NULL, &before[i]);
    input_file = open_copy(input, "r");
    output_file = open_copy(output, "w");
    use_tioctl(TRUE);  // the terminal's real size, whatever LINES and COLUMNS say
    if (input_file && output_file) screen = newterm(type, output_file, input_file);
    for (int i = 0; i < 4; i++) sigaction(signals[i], &before[i], NULL);
    if (!screen || !cursor_address) {
        cn_free();
        return -1;
    }
    set_term(screen);
    set_escdelay(escape_delay_ms);
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
    set_modes();
    cursor_row = cursor_shown = -1;
    return 0;
}

void cn_free(void) {
    if (screen) {
        if (!isendwin()) endwin();
        delscreen(screen);
    }
    screen = NULL;
    close_files();
}

void cn_leave(void) {
    if (!screen) return;
    curs_set(1);
    cursor_shown = -1;
    endwin();
    fflush(output_file);
}

void cn_enter(void) {
    if (!screen) return;
    reset_prog_mode();
    set_modes();
    redrawwin(stdscr);
    clearok(curscr, TRUE);
    refresh();
}

int cn_colors(void) { return screen && has_colors() ? COLORS : 0; }

int cn_pairs(void) { return screen && has_colors() ? COLOR_PAIRS : 0; }

int cn_define_pair(int pair, int foreground, int background) {
    return screen && init_extended_pair(pair, foreground, background) != ERR ? 0 : -1;
}

void cn_resize(int rows, int columns) {
    if (!screen) return;
    resize_term(rows, columns);  // resizeterm would queue a KEY_RESIZE that nobody reads
    werase(stdscr);
    clearok(curscr, TRUE);
}

static attr_t attributes_of(uint32_t bits) {
    attr_t result = A_NORMAL;
    if (bits & CN_BOLD) result |= A_BOLD;
    if (bits & CN_DIM) result |= A_DIM;
    if (bits & CN_REVERSE) result |= A_REVERSE;
    if (bits & CN_UNDERLINE) result |= A_UNDERLINE;
    return result;
}

void cn_put(int row, int column, const cn_cell *cells, int count) {
    cchar_t run[RUN];
    while (screen && count > 0) {
        int filled = 0, columns = 0;
        for (; filled < count && filled < RUN; filled++) {
            wchar_t text[3] = {(wchar_t)cells[filled].scalar, (wchar_t)cells[filled].mark, 0};
            int pair = cells[filled].pair;
            setcchar(&run[filled], text, attributes_of(cells[filled].attributes), (short)pair, &pair);
            columns += wcwidth(text[0]) == 2 ? 2 : 1;
        }
        mvadd_wchnstr(row, column, run, filled);
        cells += filled;
        count -= filled;
        column += columns;
    }
}

void cn_cursor(int row, int column) {
    cursor_row = row;
    cursor_column = column;
}

void cn_flush(void) {
    if (!screen) return;
    int shown = cursor_row >= 0;
    if (shown != cursor_shown) {
        curs_set(shown);
        cursor_shown = shown;
    }
    if (shown) wmove(stdscr, cursor_row, cursor_column);
    leaveok(stdscr, !shown);
    wnoutrefresh(stdscr);
    doupdate();
    fflush(output_file);
}

void cn_step(void) {
    if (!screen) return;
    wnoutrefresh(stdscr);
    doupdate();
}

void cn_redraw(void) {
    if (screen) clearok(curscr, TRUE);
}

int cn_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

int cn_locale_is_utf8(void) {
    setlocale(LC_ALL, "");
    const char *codeset = nl_langinfo(CODESET);
    return codeset && (strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0);
}

const char *cn_capability(const char *name) {
    const char *value = tigetstr(name);
    return value == (const char *)-1 ? NULL : value;
}
