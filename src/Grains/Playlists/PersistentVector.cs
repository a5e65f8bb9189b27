namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// An immutable sparse array: a bitmapped trie of 16 branches (Bagwell, "Fast And Space Efficient Trie Searches",
/// 2000). Changing a place copies one path of it, so that older versions stay whole; an <see cref="Editor"/> copies
/// each path at most once.
/// </summary>
/// <typeparam name="T">What it holds.</typeparam>
internal sealed class PersistentVector<T>
    where T : class
{
    private const int Bits = 4;
    private const int Branches = 1 << Bits;
    private const int Mask = Branches - 1;

    /// <summary>Holds nothing.</summary>
    public static readonly PersistentVector<T> Empty = new(new Branch(owner: null), shift: 0);

    private readonly Branch _root;
    private readonly int _shift;

    private PersistentVector(Branch root, int shift)
    {
        _root = root;
        _shift = shift;
    }

    /// <summary>What stands at an index; null when nothing does.</summary>
    public T? this[int index] => Find(_root, _shift, index);

    /// <summary>Begins a change. This vector itself never changes.</summary>
    public Editor Edit() => new(_root, _shift);

    private static T? Find(Branch root, int shift, int index)
    {
        if (index < 0 || (long)index >> (shift + Bits) != 0)
        {
            return null;
        }

        var branch = root;
        for (var level = shift; level > 0; level -= Bits)
        {
            if (branch.Slots[(index >> level) & Mask] is not Branch next)
            {
                return null;
            }

            branch = next;
        }

        return (T?)branch.Slots[index & Mask];
    }

    /// <summary>A change under way, seen by its maker only.</summary>
    public sealed class Editor
    {
        private readonly object _owner = new();
        private Branch _root;
        private int _shift;

        internal Editor(Branch root, int shift)
        {
            _root = root;
            _shift = shift;
        }

        /// <summary>What stands at an index; null when nothing does. Setting null empties the place.</summary>
        public T? this[int index]
        {
            get => Find(_root, _shift, index);
            set => Set(index, value);
        }

        /// <summary>The result. The editor must not be used afterwards.</summary>
        public PersistentVector<T> ToImmutable() => new(_root, _shift);

        private void Set(int index, T? value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            while ((long)index >> (_shift + Bits) != 0)
            {
                var wider = new Branch(_owner);
                wider.Slots[0] = _root;
                _root = wider;
                _shift += Bits;
            }

            _root = Owned(_root);
            var branch = _root;
            for (var level = _shift; level > 0; level -= Bits)
            {
                ref var slot = ref branch.Slots[(index >> level) & Mask];
                var next = slot is Branch present ? Owned(present) : new Branch(_owner);
                slot = next;
                branch = next;
            }

            branch.Slots[index & Mask] = value;
        }

        private Branch Owned(Branch branch) => ReferenceEquals(branch.Owner, _owner) ? branch : branch.CopyFor(_owner);
    }

    /// <summary>One node of the trie; the editor that made it may still change it, nobody else.</summary>
    internal sealed class Branch
    {
        public Branch(object? owner)
        {
            Owner = owner;
            Slots = new object?[Branches];
        }

        private Branch(object owner, object?[] slots)
        {
            Owner = owner;
            Slots = slots;
        }

        public object? Owner { get; }

        public object?[] Slots { get; }

        public Branch CopyFor(object owner) => new(owner, (object?[])Slots.Clone());
    }
}
