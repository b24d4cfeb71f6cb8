// Reads objects of JSON that differ from a known one in values alone. The newline that ends a line stops every loop.

#include "FlowFields.h"

/// Reads the value of a stretch, which a quotation mark must end when it is a string.
INLINE const uint8_t *read_member(const uint8_t *text, const struct clusterip_stretch *stretch, struct flow *flow)
{
    if (stretch->role != CLUSTERIP_NO_ROLE)
        return value_of(text, stretch->role, flow);
    if (stretch->is_string) {
        while (*text != '"' && *text != '\\' && *text >= 0x20)
            text++;
        return text;
    }
    const uint8_t *start = text;
    while (is_digit(*text) || (uint8_t)((*text | 0x20) - 'a') <= 25 || *text == '.' || *text == '-' || *text == '+')
        text++;
    return text == start ? NULL : text;
}

INLINE const uint8_t *read_object(
    const uint8_t *text, const uint8_t *end, const struct clusterip_objects *objects, struct flow *flow)
{
    for (size_t index = 0; index < objects->count; index++) {
        const struct clusterip_stretch *stretch = objects->stretches + index;
        if ((size_t)(end - text) < stretch->length || memcmp(text, stretch->text, stretch->length) != 0)
            return NULL;
        text += stretch->length;
        if (index + 1 == objects->count)
            break;
        NEED(read_member(text, stretch, flow));
        if (stretch->is_string && *text != '"')
            return NULL;
    }
    return text == end ? text : NULL;
}

size_t clusterip_read_objects(
    const uint8_t *block, size_t length, const struct clusterip_objects *objects, struct clusterip_lines *lines,
    uint32_t *ends)
{
    const struct clusterip_lines columns = *lines;
    size_t offset = 0, count = columns.count;
    while (count < columns.room && length - offset > SLACK) {
        const uint8_t *line = block + offset;
        const uint8_t *newline = memchr(line, '\n', length - offset - SLACK);
        struct flow flow = {0};
        if (newline == NULL || newline - line > LONGEST || read_object(line, newline, objects, &flow) == NULL)
            break;
        put(&columns, count, &flow);
        offset = (size_t)(newline - block) + 1;
        if (ends != NULL)
            ends[count - columns.count] = (uint32_t)offset;
        count++;
    }
    lines->count = count;
    return offset;
}
