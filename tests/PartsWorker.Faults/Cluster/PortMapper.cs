using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using PartsWorker.Harness.Network;

namespace PartsWorker.Faults.Cluster;

/// <summary>
/// Takes the place of Erlang's port mapper (epmd) for one RabbitMQ node. It gives the node the ports of proxies for the other nodes.
/// The protocol: https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html
/// </summary>
internal sealed class PortMapper : IAsyncDisposable
{
    private const byte Register = 120, Registered32 = 118, Lookup = 122, Found = 119, List = 110;
    private readonly ConcurrentDictionary<string, NodeEntry> _entries = new(StringComparer.Ordinal);
    private readonly Func<string, NodeEntry?> _others;
    private readonly LoopbackListener _listener;
    private int _creation = Environment.TickCount & 0xFFFFFF;

    /// <param name="others">Finds a node that has registered elsewhere.</param>
    public PortMapper(Func<string, NodeEntry?> others)
    {
        _others = others;
        _listener = new(ServeAsync);
    }

    public int Port => _listener.Port;

    /// <summary>Entry of a node; null while the node has not registered.</summary>
    public NodeEntry? Registered(string name) => _entries.GetValueOrDefault(name);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, stop);
        var request = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(request, stop);
        switch (request[0])
        {
            case Register:
                await KeepAsync(stream, request, stop);
                break;
            case Lookup:
                await stream.WriteAsync(Answer(Encoding.UTF8.GetString(request.AsSpan(1))), stop);
                break;
            case List:
                var text = string.Concat(_entries.Select(entry => $"name {entry.Key} at port {entry.Value.Port}\n"));
                var number = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(number, Port);
                await stream.WriteAsync((byte[])[.. number, .. Encoding.UTF8.GetBytes(text)], stop);
                break;
        }
    }

    // A node is registered as long as its connection is open.
    private async Task KeepAsync(NetworkStream stream, byte[] request, CancellationToken stop)
    {
        var name = Encoding.UTF8.GetString(request.AsSpan(11, BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(9))));
        var entry = new NodeEntry(BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(1)), request[3..9]);
        _entries[name] = entry;
        try
        {
            var answer = new byte[] { Registered32, 0, 0, 0, 0, 0 };
            BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(2), Interlocked.Increment(ref _creation));
            await stream.WriteAsync(answer, stop);
            while (await stream.ReadAsync(answer, stop) > 0)
            {
            }
        }
        finally
        {
            _entries.TryRemove(KeyValuePair.Create(name, entry));
        }
    }

    private byte[] Answer(string name)
    {
        if ((Registered(name) ?? _others(name)) is not { } entry)
        {
            return [Found, 1];
        }

        var (port, length, text) = (new byte[2], new byte[2], Encoding.UTF8.GetBytes(name));
        BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)entry.Port);
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
        return [Found, 0, .. port, .. entry.Versions, .. length, .. text, 0, 0];
    }
}
