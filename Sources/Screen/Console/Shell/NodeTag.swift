/// The one letter that stands for a node wherever there is no room for its name.
enum NodeTag {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@&").map(
        String.init)

    /// A…Z, a…z, 0…9, @, & for the first 64 nodes, "*" for all others.
    static func letter(_ index: Int) -> String { letters.indices.contains(index) ? letters[index] : "*" }
}
