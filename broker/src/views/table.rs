//! Tables of plain text.

/// Rows under a header, their columns aligned.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let longest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        longest.max(header[column].chars().count())
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths);
        let padded: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join(" | ").trim_end().to_owned() + "\n"
    };
    let header: Vec<String> = header.iter().map(ToString::to_string).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = line(&header) + &rule.join("-|-") + "\n";
    for row in rows {
        text.push_str(&line(row));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_they_hold() {
        let rows = [
            vec!["Web".to_owned(), "1".to_owned()],
            vec!["Orders".to_owned(), "1.2.3".to_owned()],
        ];
        assert_eq!(
            table(&["NAME", "N"], &rows),
            "NAME   | N\n-------|------\nWeb    | 1\nOrders | 1.2.3\n"
        );
    }
}
