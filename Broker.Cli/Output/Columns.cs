using Spectre.Console;
using Spectre.Console.Rendering;

namespace Broker.Cli;

/// <summary>The two forms of table there are: many things by row, and one thing by field.</summary>
internal static class Columns
{
    /// <summary>A row per thing; no frames, so that it can be cut and copied.</summary>
    public static Table List(params string[] headers)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var header in headers)
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    /// <summary>A line per field.</summary>
    public static Grid Fields()
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        return grid;
    }

    /// <summary>Left out if there is nothing to show.</summary>
    public static Grid Field(this Grid grid, string name, IRenderable? value) =>
        value is null ? grid : grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), value);

    /// <inheritdoc cref="Field(Grid, string, IRenderable)"/>
    public static Grid Field(this Grid grid, string name, string? value) =>
        grid.Field(name, value is null ? null : (IRenderable)Cells.Of(value));

    /// <summary>The table and, if the list goes on, how to see more.</summary>
    public static IRenderable WithCursor(this Table table, string? nextCursor) =>
        nextCursor is null ? table : new Rows(table, new Text($"More: --cursor {Cells.Clean(nextCursor)}", new Style(Color.Grey)));
}
