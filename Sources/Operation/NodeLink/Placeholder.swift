// NodeLink
