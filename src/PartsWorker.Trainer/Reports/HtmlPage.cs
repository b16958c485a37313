using System.Net;

namespace PartsWorker.Trainer.Reports;

/// <summary>Title, style and escaping of an HTML report.</summary>
internal static class HtmlPage
{
    private const string Style = """
        body{font:15px/1.45 system-ui,sans-serif;color:#1d2733;background:#f4f6f8;margin:0}
        main{max-width:1080px;margin:0 auto;padding:24px 20px 60px}
        h1{font-size:24px}h2{font-size:18px;margin:36px 0 10px}.tiles{display:flex;flex-wrap:wrap;gap:12px}
        .tiles div{background:#fff;border-radius:8px;padding:12px 18px;box-shadow:0 1px 2px #0002}
        .tiles b{display:block;font-size:22px}.tiles span{color:#5b6875;font-size:13px}
        table{border-collapse:collapse;background:#fff;font-size:13px;box-shadow:0 1px 2px #0002}
        th,td{text-align:left;padding:4px 10px;border-bottom:1px solid #e6eaee;vertical-align:top}
        td.n{text-align:right}td i{display:inline-block;height:9px;background:#2f7dd1;border-radius:2px}
        svg{background:#fff;border-radius:8px;box-shadow:0 1px 2px #0002;margin:0 12px 12px 0}
        svg text{font:11px system-ui,sans-serif;fill:#5b6875}
        figure{display:inline-block;margin:0 8px 8px 0;font-size:11px;color:#5b6875;width:76px;vertical-align:top}
        figure img{width:72px;height:72px;object-fit:contain;background:#111;display:block;border-radius:4px}.hit{color:#1b7f4b}
        .miss{color:#b3372b}
        """;

    public static string Head(string title) =>
        $"<!doctype html><html lang=en><head><meta charset=utf-8><title>{Text(title)}</title><style>{Style}</style></head>"
        + $"<body><main><h1>{Text(title)}</h1>";

    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
