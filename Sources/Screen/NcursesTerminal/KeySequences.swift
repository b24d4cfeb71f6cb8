import Canvas

/// What the sequences of xterm, rxvt, tmux, screen, the Linux console and their kin mean.
enum KeySequences {
    /// The key of a control byte, nil for printable ones.
    static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x00: .ctrl(" ")
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x1B: .escape
        case 0x01...0x1A: .ctrl(Character(Unicode.Scalar(byte + 0x60)))
        case 0x1C...0x1F: .ctrl(Character(Unicode.Scalar(byte + 0x40)))
        default: nil
        }
    }

    /// The key of ESC O and this byte.
    static func keypad(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x4D: .enter
        case 0x49: .tab
        case 0x58: .character("=")
        case 0x6A...0x79: .character(Character(Unicode.Scalar(byte - 0x40)))
        default: letter(byte)
        }
    }

    /// What ESC [ with these parameters and this final byte is; nil when it is nothing known.
    static func event(parameters: ArraySlice<UInt8>, final: UInt8) -> TerminalEvent? {
        if parameters.first == 0x3C { return mouse(numbers(parameters.dropFirst()), final) }
        guard let number = numbers(parameters).first else { return nil }
        switch final {
        case 0x6E: return number == 0 || number == 3 ? .answered : nil
        case 0x7E: return tilde(number).map(TerminalEvent.key)
        case 0x5A: return .key(.backTab)
        default: return letter(final).map(TerminalEvent.key)
        }
    }

    /// A paste as a text: broken UTF-8 repaired, line ends as `\n`.
    static func pastedText(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0A && index > 0 && bytes[index - 1] == 0x0D { continue }
            result.append(byte == 0x0D ? 0x0A : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func letter(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(byte) - 0x4F)
        default: nil
        }
    }

    private static func tilde(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// An SGR report: button, column and row from 1; `M` is a press, `m` a release.
    private static func mouse(_ numbers: [Int], _ final: UInt8) -> TerminalEvent? {
        guard numbers.count == 3, final == 0x4D || final == 0x6D else { return nil }
        let action: MouseEvent.Action
        // Shift, alt and control count 4, 8 and 16; moving counts 32.
        switch (numbers[0] & ~0x1C, final) {
        case (0...2, 0x6D): action = .release
        case (0, _): action = .left
        case (1, _): action = .middle
        case (2, _): action = .right
        case (32, 0x4D): action = .drag
        case (64, 0x4D): action = .wheelUp
        case (65, 0x4D): action = .wheelDown
        default: return nil
        }
        return .mouse(MouseEvent(action, at: Point(column: max(0, numbers[1] - 1), row: max(0, numbers[2] - 1))))
    }

    /// Decimal numbers between semicolons, an empty one is 0; at least one; capped at 65,535.
    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        var result = [0]
        for byte in bytes {
            if byte == 0x3B {
                result.append(0)
            } else if (0x30...0x39).contains(byte) {
                result[result.count - 1] = min(65_535, result[result.count - 1] * 10 + Int(byte - 0x30))
            }
        }
        return result
    }
}
