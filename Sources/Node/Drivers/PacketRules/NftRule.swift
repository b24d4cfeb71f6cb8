import CNetfilter
import ClusterModel
import LinuxNode
import Responsibility

/// Reads what nf_tables holds of a rule, as nft and iptables-nft write them: values in registers, and what is asked of them.
struct NftRuleReader {
    /// What a register holds.
    private enum Value {
        case interfaceName, interfaceIndex, mark, transport
        case markBits(UInt32)
        case destination(bytes: Int, mask: [UInt8]?)
        case source(NftKeyField)
        case bucket(NftHash)
        case constant([UInt8])
        case other
    }

    private let family: IPAddress.Family
    private var registers: [UInt32: Value] = [:]
    private var rule = PacketRule([], .pass)

    /// The rule in libnftnl's object, which stays the caller's.
    static func read(_ object: OpaquePointer, family: IPAddress.Family) -> PacketRule {
        var reader = NftRuleReader(family: family)
        reader.rule.handle = nftnl_rule_get_u64(object, UInt16(NFTNL_RULE_HANDLE.rawValue))
        reader.rule.comment = comment(of: object)
        guard let iterator = nftnl_expr_iter_create(object) else { return reader.rule }
        defer { nftnl_expr_iter_destroy(iterator) }
        while let expression = nftnl_expr_iter_next(iterator) { reader.take(NftExpression(expression)) }
        return reader.rule
    }

    private init(family: IPAddress.Family) { self.family = family }

    /// The entry of type 0 in the rule's user data, which nft shows as its comment.
    ///
    /// Source: libnftnl's udata.h.
    private static func comment(of object: OpaquePointer) -> String? {
        var length: UInt32 = 0
        guard let data = nftnl_rule_get_data(object, UInt16(NFTNL_RULE_USERDATA.rawValue), &length) else { return nil }
        var rest = UnsafeRawBufferPointer(start: data, count: Int(length))[...]
        while rest.count >= 2 {
            let value = rest.dropFirst(2).prefix(Int(rest[rest.startIndex + 1]))
            if rest[rest.startIndex] == 0 { return UnsafeRawBufferPointer(rebasing: value).text }
            rest = rest[value.endIndex...]
        }
        return nil
    }

    private mutating func take(_ expression: NftExpression) {
        switch expression.name {
        case "meta": takeMeta(expression)
        case "payload": registers[expression.number(NFTNL_EXPR_PAYLOAD_DREG)] = payload(expression)
        case "bitwise": takeMask(expression)
        case "hash": registers[expression.number(NFTNL_EXPR_HASH_DREG)] = hash(expression)
        case "cmp": rule.conditions.append(comparison(expression))
        case "counter":
            rule.count = PacketCount(
                packets: expression.long(NFTNL_EXPR_CTR_PACKETS), bytes: expression.long(NFTNL_EXPR_CTR_BYTES))
        case "immediate": takeImmediate(expression)
        case "match": takeMatch(expression)
        case "target": takeTarget(expression)
        case "reject": rule.action = .drop
        case "log", "notrack", "objref": break
        default:
            if rule.action == .pass { rule.conditions.append(.other) }
        }
    }

    private mutating func takeMeta(_ expression: NftExpression) {
        let key = expression.number(NFTNL_EXPR_META_KEY)
        guard expression.has(NFTNL_EXPR_META_DREG) else {
            // A packet's type, once set, decides nothing here.
            guard key == NFT_META_MARK.rawValue else { return }
            if case .constant(let bytes)? = registers[expression.number(NFTNL_EXPR_META_SREG)] {
                rule.action = .setMark(bytes.native, mask: .max)
            }
            return
        }
        let value: Value =
            switch key {
            case NFT_META_IIFNAME.rawValue: .interfaceName
            case NFT_META_IIF.rawValue: .interfaceIndex
            case NFT_META_MARK.rawValue: .mark
            case NFT_META_L4PROTO.rawValue: .transport
            default: .other
            }
        registers[expression.number(NFTNL_EXPR_META_DREG)] = value
    }

    /// Sources: RFC 791 and RFC 8200, where the fields stand in the network header.
    private func payload(_ expression: NftExpression) -> Value {
        guard expression.has(NFTNL_EXPR_PAYLOAD_DREG),
            expression.number(NFTNL_EXPR_PAYLOAD_BASE) == NFT_PAYLOAD_NETWORK_HEADER.rawValue
        else { return .other }
        let length = Int(expression.number(NFTNL_EXPR_PAYLOAD_LEN))
        switch (family, expression.number(NFTNL_EXPR_PAYLOAD_OFFSET)) {
        case (.v4, 16) where length <= 4, (.v6, 24) where length <= 16: return .destination(bytes: length, mask: nil)
        case (.v4, 12) where length == 4: return .source(.ipSource)
        case (.v6, 8) where length == 16: return .source(.ip6Source)
        case (.v4, 9) where length == 1, (.v6, 6) where length == 1: return .transport
        default: return .other
        }
    }

    private mutating func takeMask(_ expression: NftExpression) {
        let destination = expression.number(NFTNL_EXPR_BITWISE_DREG)
        let mask = expression.bytes(NFTNL_EXPR_BITWISE_MASK)
        let isPlain = expression.bytes(NFTNL_EXPR_BITWISE_XOR).allSatisfy { $0 == 0 }
        switch registers[expression.number(NFTNL_EXPR_BITWISE_SREG)] {
        case .mark? where isPlain: registers[destination] = .markBits(mask.native)
        case .destination(let bytes, nil)? where isPlain:
            registers[destination] = .destination(bytes: bytes, mask: mask)
        default: registers[destination] = .other
        }
    }

    private func hash(_ expression: NftExpression) -> Value {
        guard expression.number(NFTNL_EXPR_HASH_TYPE) == NFT_HASH_JENKINS.rawValue,
            case .source(let field)? = registers[expression.number(NFTNL_EXPR_HASH_SREG)],
            expression.number(NFTNL_EXPR_HASH_MODULUS) <= UInt32(BucketSet.maximumBucket),
            let hash = try? NftHash(
                fields: [field], modulus: expression.number(NFTNL_EXPR_HASH_MODULUS),
                seed: expression.number(NFTNL_EXPR_HASH_SEED), offset: expression.number(NFTNL_EXPR_HASH_OFFSET))
        else { return .other }
        return .bucket(hash)
    }

    private func comparison(_ expression: NftExpression) -> RuleCondition {
        let operation = expression.number(NFTNL_EXPR_CMP_OP)
        guard operation == NFT_CMP_EQ.rawValue || operation == NFT_CMP_NEQ.rawValue else { return .other }
        let isNegated = operation == NFT_CMP_NEQ.rawValue
        let bytes = expression.bytes(NFTNL_EXPR_CMP_DATA)
        switch registers[expression.number(NFTNL_EXPR_CMP_SREG)] {
        case .interfaceName?:
            // Whoever means a beginning alone, as `eth+`, leaves the zero at the end out.
            let name = bytes.prefix { $0 != 0 }
            return .interface(
                String(decoding: name, as: UTF8.self), isPrefix: name.count == bytes.count, isNegated: isNegated)
        case .interfaceIndex?: return .interfaceIndex(Int(bytes.native as UInt32), isNegated: isNegated)
        case .mark?: return .mark(bytes.native, mask: .max, isNegated: isNegated)
        case .markBits(let mask)?: return .mark(bytes.native, mask: mask, isNegated: isNegated)
        case .transport?: return bytes.first.map { .transport($0, isNegated: isNegated) } ?? .other
        case .destination(let length, let mask)?:
            return range(bytes, length: length, mask: mask).map { .destination($0, isNegated: isNegated) } ?? .other
        case .bucket(let hash)?:
            let bucket = Int(bytes.native as UInt32) - Int(hash.offset) + 1
            return .bucket(BucketTest(.nft(hash), BucketSet([bucket]), isInverted: isNegated))
        default: return .other
        }
    }

    private func range(_ bytes: [UInt8], length: Int, mask: [UInt8]?) -> AddressRange? {
        let size = family.bitCount / 8
        let bits = mask?.reduce(0) { $0 + $1.nonzeroBitCount } ?? 8 * length
        guard let address = IPAddress(bytes: (bytes + [UInt8](repeating: 0, count: size)).prefix(size)) else {
            return nil
        }
        return AddressRange(address, prefixLength: min(bits, family.bitCount))
    }

    private mutating func takeImmediate(_ expression: NftExpression) {
        let register = expression.number(NFTNL_EXPR_IMM_DREG)
        guard register == NFT_REG_VERDICT.rawValue else {
            registers[register] = .constant(expression.bytes(NFTNL_EXPR_IMM_DATA))
            return
        }
        let chain = expression.text(NFTNL_EXPR_IMM_CHAIN)
        switch Int32(bitPattern: expression.number(NFTNL_EXPR_IMM_VERDICT)) {
        case NF_ACCEPT: rule.action = .accept
        case NF_DROP: rule.action = .drop
        case NFT_RETURN.rawValue: rule.action = .leave
        case NFT_JUMP.rawValue: rule.action = .jump(chain)
        case NFT_GOTO.rawValue: rule.action = .goto(chain)
        default: break
        }
    }

    private mutating func takeMatch(_ expression: NftExpression) {
        let match = ExtensionMatch(
            expression.text(NFTNL_EXPR_MT_NAME), revision: expression.number(NFTNL_EXPR_MT_REV),
            expression.bytes(NFTNL_EXPR_MT_INFO))
        if case .comment(let text) = match { rule.comment = text }
        if let condition = match.condition { rule.conditions.append(condition) }
    }

    private mutating func takeTarget(_ expression: NftExpression) {
        rule.action = ExtensionTarget.action(
            expression.text(NFTNL_EXPR_TG_NAME), revision: expression.number(NFTNL_EXPR_TG_REV),
            expression.bytes(NFTNL_EXPR_TG_INFO))
    }
}

/// An expression of nf_tables, by libnftnl's attributes.
struct NftExpression {
    private let pointer: OpaquePointer

    /// The expression in libnftnl's object, which stays its rule's.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Its kind, such as "cmp".
    var name: String { text(NFTNL_EXPR_NAME) }

    /// Whether it has an attribute.
    func has(_ attribute: some BinaryInteger) -> Bool { nftnl_expr_is_set(pointer, UInt16(attribute)) }

    /// An attribute as a number; 0 when it is not there.
    func number(_ attribute: some BinaryInteger) -> UInt32 { nftnl_expr_get_u32(pointer, UInt16(attribute)) }

    /// An attribute as a long number; 0 when it is not there.
    func long(_ attribute: some BinaryInteger) -> UInt64 { nftnl_expr_get_u64(pointer, UInt16(attribute)) }

    /// An attribute as text; empty when it is not there.
    func text(_ attribute: some BinaryInteger) -> String {
        nftnl_expr_get_str(pointer, UInt16(attribute)).map { String(cString: $0) } ?? ""
    }

    /// An attribute's bytes; none when it is not there.
    func bytes(_ attribute: some BinaryInteger) -> [UInt8] {
        var length: UInt32 = 0
        guard has(attribute), let data = nftnl_expr_get(pointer, UInt16(attribute), &length) else { return [] }
        return Array(UnsafeRawBufferPointer(start: data, count: Int(length)))
    }
}

extension [UInt8] {
    /// The number of this machine at the start of the bytes; missing ones are 0.
    var native: UInt32 {
        prefix(4).enumerated().reduce(UInt32(0)) { number, next in
            let place = UInt32(littleEndian: 1) == 1 ? next.offset : 3 - next.offset
            return number | UInt32(next.element) << UInt32(8 * place)
        }
    }
}
