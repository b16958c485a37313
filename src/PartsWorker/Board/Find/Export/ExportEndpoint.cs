using System.Data;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using PartsWorker.Board.SignIn;

namespace PartsWorker.Board.Find.Export;

/// <summary>
/// <c>/export.csv?filter</c>: one statement under the login of the person, written row by row as it arrives, so that memory does not grow
/// with the file. It ends when the client leaves or the session ends; an error in the middle breaks the connection, so that half a file
/// never looks complete.
/// </summary>
internal sealed class ExportEndpoint(BoardSessions sessions, TimeProvider time, ILogger<ExportEndpoint> log) : IDisposable
{
    public const string Path = "/export.csv";
    private const int AtATime = 2;
    private const int BufferChars = 16 * 1024;

    private readonly SemaphoreSlim _slots = new(AtATime);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, (HttpContext context, ExportEndpoint export) => export.RunAsync(context));

    public void Dispose() => _slots.Dispose();

    private async Task RunAsync(HttpContext context)
    {
        if (!_slots.Wait(0, CancellationToken.None))
        {
            await RefuseAsync(
                context, StatusCodes.Status429TooManyRequests, $"{AtATime} exports are running. Try again when one has ended.");
            return;
        }

        var session = sessions.Find(SessionClaims.IdOf(context.User));
        var ended = session?.Ended ?? CancellationToken.None;
        try
        {
            var filter = FindUrl.Parse(context.Request.QueryString.Value ?? "");
            await WriteAsync(context, session ?? throw new SessionEndedException(), filter);
        }
        // First, because a write that is cancelled also aborts the request.
        catch (Exception error) when (ended.IsCancellationRequested || error is SessionEndedException)
        {
            var over = new SessionEndedException();
            await FailAsync(context, over, over.Message, isAway: false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; disposing the reader has cancelled the statement.
        }
        catch (Exception error) when (BoardErrors.Explain(error) is { } explained)
        {
            await FailAsync(context, error, explained.Line, explained.IsAway);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task WriteAsync(HttpContext context, BoardSession session, FindFilter filter)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, session.Ended);
        var (now, leaves) = (time.GetUtcNow(), either.Token);
        var (sql, values) = ExportColumns.Statement(filter, now);
        var columns = ExportColumns.Of(hasShadow: filter.Model is not null);
        await using var command = session.Database.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.Add(values);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, leaves);
        context.Response.ContentType = "text/csv; charset=utf-8; header=present";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"partsworker-{now.UtcDateTime:yyyy-MM-dd'T'HHmmss'Z'}.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(false), BufferChars, leaveOpen: true);
        var rows = new CsvRows();
        await writer.WriteAsync(rows.Header(columns.Select(column => column.Name)), leaves);
        while (await reader.ReadAsync(leaves))
        {
            await writer.WriteAsync(rows.Row(reader, columns), leaves);
        }

        // Not disposed on an error: that would write the rest of the buffer as if all was well.
        await writer.FlushAsync(leaves);
    }

    private async Task FailAsync(HttpContext context, Exception error, string line, bool isAway)
    {
        if (context.Response.HasStarted)
        {
            log.ExportBroken(context.User.Identity?.Name, error.Message);
            context.Abort();
            return;
        }

        await RefuseAsync(context, isAway ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest, line);
    }

    private static Task RefuseAsync(HttpContext context, int status, string line)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(line + "\n", context.RequestAborted);
    }
}
