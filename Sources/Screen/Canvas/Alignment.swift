/// Where a text stands in a wider place.
public enum Alignment: Sendable {
    case left, center, right
}
