package yamldoc

// Exact reports whether the places of a scalar are known character by character.
func Exact(n *Node) bool { return n.exact }
