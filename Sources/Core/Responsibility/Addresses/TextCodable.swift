/// A value that is coded as its text.
public protocol TextCodable: LosslessStringConvertible, Codable {}

extension TextCodable {
    /// Decodes text as `init(_:)` reads it; throws `DecodingError.dataCorrupted` for anything else.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not the text of an \(Self.self)"))
        }
        self = value
    }

    /// Encodes `description`; throws what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
