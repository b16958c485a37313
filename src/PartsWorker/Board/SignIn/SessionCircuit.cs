using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace PartsWorker.Board.SignIn;

/// <summary>Every click and key of a circuit postpones the idle timeout of its session; what the server pushes does not.</summary>
internal sealed class SessionCircuit(AuthenticationStateProvider authentication, BoardSessions sessions) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        var state = await authentication.GetAuthenticationStateAsync();
        sessions.Touch(SessionClaims.IdOf(state.User));
        await next(context);
    };
}
