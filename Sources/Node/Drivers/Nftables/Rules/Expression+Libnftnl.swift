import CNetfilter

extension Expression {
    /// Makes libnftnl's object for the expression; the caller gives it to a rule, which then owns it.
    func make() -> OpaquePointer? {
        guard let object = nftnl_expr_alloc(kernelName) else { return nil }
        fill(object)
        return object
    }

    private var kernelName: String {
        switch self {
        case .payload, .writePayload: "payload"
        case .hostOrder: "byteorder"
        case .hash: "hash"
        case .update, .count: "dynset"
        case .lookup, .absent: "lookup"
        case .compare: "cmp"
        case .mask: "bitwise"
        case .immediate, .verdict: "immediate"
        case .meta, .setMeta: "meta"
        case .connection, .setConnection: "ct"
        }
    }

    private func fill(_ object: OpaquePointer) {
        func set(_ attribute: some BinaryInteger, _ value: UInt32) {
            nftnl_expr_set_u32(object, UInt16(attribute), value)
        }
        func set(_ attribute: some BinaryInteger, bytes: [UInt8]) {
            nftnl_expr_set(object, UInt16(attribute), bytes, UInt32(bytes.count))
        }
        switch self {
        case .payload(let base, let offset, let length, let register):
            set(NFTNL_EXPR_PAYLOAD_BASE, base.rawValue)
            set(NFTNL_EXPR_PAYLOAD_OFFSET, offset)
            set(NFTNL_EXPR_PAYLOAD_LEN, length)
            set(NFTNL_EXPR_PAYLOAD_DREG, register.rawValue)
        case .writePayload(let base, let offset, let length, let register):
            set(NFTNL_EXPR_PAYLOAD_BASE, base.rawValue)
            set(NFTNL_EXPR_PAYLOAD_OFFSET, offset)
            set(NFTNL_EXPR_PAYLOAD_LEN, length)
            set(NFTNL_EXPR_PAYLOAD_SREG, register.rawValue)
            set(NFTNL_EXPR_PAYLOAD_CSUM_TYPE, 0)
            set(NFTNL_EXPR_PAYLOAD_CSUM_OFFSET, 0)
        case .hostOrder(let register):
            set(NFTNL_EXPR_BYTEORDER_SREG, register.rawValue)
            set(NFTNL_EXPR_BYTEORDER_DREG, register.rawValue)
            set(NFTNL_EXPR_BYTEORDER_OP, NFT_BYTEORDER_NTOH.rawValue)
            set(NFTNL_EXPR_BYTEORDER_LEN, 4)
            set(NFTNL_EXPR_BYTEORDER_SIZE, 4)
        case .hash(let length, let modulus, let seed, let offset):
            set(NFTNL_EXPR_HASH_TYPE, NFT_HASH_JENKINS.rawValue)
            set(NFTNL_EXPR_HASH_SREG, Register.input.rawValue)
            set(NFTNL_EXPR_HASH_DREG, Register.bucket.rawValue)
            set(NFTNL_EXPR_HASH_LEN, length)
            set(NFTNL_EXPR_HASH_MODULUS, modulus)
            set(NFTNL_EXPR_HASH_SEED, seed)
            set(NFTNL_EXPR_HASH_OFFSET, offset)
        case .lookup(let name, let register):
            set(NFTNL_EXPR_LOOKUP_SREG, register.rawValue)
            set(NFTNL_EXPR_LOOKUP_FLAGS, 0)
            nftnl_expr_set_str(object, UInt16(NFTNL_EXPR_LOOKUP_SET), name)
        case .absent(let name, let register):
            set(NFTNL_EXPR_LOOKUP_SREG, register.rawValue)
            set(NFTNL_EXPR_LOOKUP_FLAGS, NFT_LOOKUP_F_INV.rawValue)
            nftnl_expr_set_str(object, UInt16(NFTNL_EXPR_LOOKUP_SET), name)
        case .update(let name, let register, let milliseconds):
            set(NFTNL_EXPR_DYNSET_SREG_KEY, register.rawValue)
            set(NFTNL_EXPR_DYNSET_OP, UInt32(NFT_DYNSET_OP_UPDATE.rawValue))
            nftnl_expr_set_u64(object, UInt16(NFTNL_EXPR_DYNSET_TIMEOUT), milliseconds)
            nftnl_expr_set_str(object, UInt16(NFTNL_EXPR_DYNSET_SET_NAME), name)
        case .count(let name, let register, let milliseconds):
            set(NFTNL_EXPR_DYNSET_SREG_KEY, register.rawValue)
            set(NFTNL_EXPR_DYNSET_OP, UInt32(NFT_DYNSET_OP_ADD.rawValue))
            if milliseconds > 0 { nftnl_expr_set_u64(object, UInt16(NFTNL_EXPR_DYNSET_TIMEOUT), milliseconds) }
            nftnl_expr_set_str(object, UInt16(NFTNL_EXPR_DYNSET_SET_NAME), name)
            nftnl_expr_add_expr(object, UInt32(NFTNL_EXPR_DYNSET_EXPRESSIONS), nftnl_expr_alloc("counter"))
        case .compare(let register, let equal, let bytes):
            set(NFTNL_EXPR_CMP_SREG, register.rawValue)
            set(NFTNL_EXPR_CMP_OP, equal ? NFT_CMP_EQ.rawValue : NFT_CMP_NEQ.rawValue)
            set(NFTNL_EXPR_CMP_DATA, bytes: bytes)
        case .mask(let register, let bits):
            set(NFTNL_EXPR_BITWISE_SREG, register.rawValue)
            set(NFTNL_EXPR_BITWISE_DREG, register.rawValue)
            set(NFTNL_EXPR_BITWISE_LEN, 4)
            set(NFTNL_EXPR_BITWISE_OP, UInt32(CLUSTERIP_BITWISE_MASK_XOR))
            set(NFTNL_EXPR_BITWISE_MASK, bytes: bits.nativeBytes)
            set(NFTNL_EXPR_BITWISE_XOR, bytes: UInt32(0).nativeBytes)
        case .immediate(let bytes, let register):
            set(NFTNL_EXPR_IMM_DREG, register.rawValue)
            set(NFTNL_EXPR_IMM_DATA, bytes: bytes)
        case .meta(let key, let register):
            set(NFTNL_EXPR_META_KEY, key.rawValue)
            set(NFTNL_EXPR_META_DREG, register.rawValue)
        case .setMeta(let key, let register):
            set(NFTNL_EXPR_META_KEY, key.rawValue)
            set(NFTNL_EXPR_META_SREG, register.rawValue)
        case .connection(let key, let register):
            set(NFTNL_EXPR_CT_KEY, key.rawValue)
            set(NFTNL_EXPR_CT_DREG, register.rawValue)
        case .setConnection(let key, let register):
            set(NFTNL_EXPR_CT_KEY, key.rawValue)
            set(NFTNL_EXPR_CT_SREG, register.rawValue)
        case .verdict(let verdict):
            set(NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT.rawValue)
            switch verdict {
            case .accept: set(NFTNL_EXPR_IMM_VERDICT, UInt32(NF_ACCEPT))
            case .drop: set(NFTNL_EXPR_IMM_VERDICT, UInt32(NF_DROP))
            case .goto(let chain):
                set(NFTNL_EXPR_IMM_VERDICT, UInt32(bitPattern: NFT_GOTO.rawValue))
                nftnl_expr_set_str(object, UInt16(NFTNL_EXPR_IMM_CHAIN), chain)
            }
        }
    }
}

extension FixedWidthInteger {
    /// The number's bytes in this machine's order.
    var nativeBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }

    /// The number's bytes in network order.
    var networkBytes: [UInt8] { bigEndian.nativeBytes }
}
