// Plain C functions over ncurses: Swift cannot import its macros, and Swift 6 rejects its mutable globals.
#ifndef CLUSTERIP_CNCURSES_H
#define CLUSTERIP_CNCURSES_H

#include <stddef.h>
#include <stdint.h>

// Attribute bits of a cell.
enum { CN_BOLD = 1, CN_DIM = 2, CN_REVERSE = 4, CN_UNDERLINE = 8 };

// One character to show. A wide character takes one of these and two columns.
typedef struct {
    uint32_t scalar;    // Unicode scalar
    uint32_t mark;      // combining mark or 0
    int32_t pair;       // colour pair, 0 is the terminal's own
    uint32_t attributes;
} cn_cell;

// Starts ncurses for a terminal type on two descriptors, after setlocale; 0, or -1 when the terminal type is unknown or lacks what is
// needed, or -2 when it runs already. Signal handlers that ncurses installs are taken out again.
int cn_start(const char *type, int input, int output, int escape_delay_ms);
// Frees the screen; call cn_leave first.
void cn_free(void);
// Back to the shell's screen and modes, and from there back to ours (the next cn_flush paints everything).
void cn_leave(void);
void cn_enter(void);

int cn_colors(void);
int cn_pairs(void);
// Defines a colour pair; -1 is the terminal's own colour. 0, or -1 when the terminal has no such pair.
int cn_define_pair(int pair, int foreground, int background);

// Changes what ncurses takes for the terminal's size.
void cn_resize(int rows, int columns);
// Writes cells on one row; the row must have room for them.
void cn_put(int row, int column, const cn_cell *cells, int count);
// Places the cursor of the next flush, or hides it when row < 0.
void cn_cursor(int row, int column);
// Sends the changes to the terminal in one go.
void cn_flush(void);
// Sends what was put so far, ahead of cn_flush. Row by row this keeps ncurses from scrolling a part of the screen when
// rows move (CSI S inside margins), which many programs that call themselves xterm-256color do not understand.
void cn_step(void);
// The next flush paints every cell.
void cn_redraw(void);

// Columns the C library gives a scalar in the current locale, -1 when it cannot be shown.
int cn_width(uint32_t scalar);
// Whether the locale's character set is UTF-8. Sets the locale from the environment.
int cn_locale_is_utf8(void);
// A string capability, or NULL; `name` as in terminfo, such as "rmcup".
const char *cn_capability(const char *name);

#endif
