/** The fields that patterns ask for, as the tree of their names: what is not in it need not be looked at. */
export interface FieldTree {
  readonly children: ReadonlyMap<string, FieldTree>;
  /** Set where a field is asked for: its whole path. */
  readonly path: string | undefined;
}

interface GrowingTree extends FieldTree {
  readonly children: Map<string, GrowingTree>;
  path: string | undefined;
}

/**
 * Builds the tree of dotted paths. A dot within a name is no different from one between two names, in a
 * pattern as in an event: `{"a.b": 1}` and `{"a": {"b": 1}}` have the same field.
 */
export function fieldTree(paths: Iterable<string>): FieldTree {
  const root: GrowingTree = { children: new Map(), path: undefined };
  for (const path of paths) {
    let node = root;
    for (const name of path.split(".")) {
      const next = node.children.get(name) ?? { children: new Map(), path: undefined };
      node.children.set(name, next);
      node = next;
    }
    node.path = path;
  }
  return root;
}

/** The part of the tree under a member's name, if any field asked for is there. */
export function subtree(tree: FieldTree, name: string): FieldTree | undefined {
  if (!name.includes(".")) {
    return tree.children.get(name);
  }
  let node: FieldTree | undefined = tree;
  for (const part of name.split(".")) {
    node = node?.children.get(part);
  }
  return node;
}
