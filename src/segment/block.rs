//! A block: one line of text as the OCR program saved it, with its kind.

use crate::span::Span;

/// What a line of the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// 标题
    Headline,
    /// 引题、小标题: kicker or subhead.
    Subhead,
    /// 署名: ■记者 …, 本报记者 …, 通讯员 ….
    Byline,
    /// 电头: a body line that opens with 本报讯（记者 …） or 新华社北京1月2日电.
    Lead,
    /// 正文
    Body,
    /// 图片说明, its credit line included.
    Caption,
    /// 转版: 下转第N版, 上接第N版.
    Jump,
    /// 报眉: paper name, section, date.
    RunningHead,
    /// 版次、页码
    PageNumber,
    /// 条目: a line that opens with 一、 （一） 1. ■ and the like.
    ListItem,
    /// 表格样的行
    Table,
    /// 诗行
    Verse,
}

impl BlockKind {
    /// True for page furniture: what the page needs and the text does not.
    pub fn is_furniture(self) -> bool {
        matches!(self, Self::RunningHead | Self::PageNumber)
    }

    /// True for what belongs to the running text of a story.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Lead | Self::Body | Self::ListItem)
    }
}

/// One non-blank line of the file with its kind.
///
/// Depending on the OCR program a line is a printed line or a whole column block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// What the line is.
    pub kind: BlockKind,
    /// Its text without surrounding white space, in bytes of the file.
    pub span: Span,
    /// Number of the line in the file, from 0.
    pub line: usize,
}
